#include "pkcs11/module.hpp"

#include <csignal>
#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>
#include <openssl/err.h>
#include <string>
#include <sys/stat.h>
#include <vector>

#include <p11csr/model/error.hpp>

#include "pkcs11/interface.hpp"
#include "pkcs11/libp11.hpp"
#include "pkcs11/module_trust.hpp"
#include "pkcs11/return_code.hpp"

namespace p11csr::pkcs11 {
namespace {

constexpr const char* kChooseModule = "name the module: --module /path/to/module.so, or set P11CSR_MODULE";

// A bare name would be looked for wherever LD_LIBRARY_PATH and the loader's cache lead.
std::string path_of_name(const std::string& name) {
  std::string path = fmt::format("{}/{}", P11CSR_REGISTERED_MODULE_DIR, name);
  struct stat status {};
  if (!name.empty() && stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode)) return path;
  throw Error(Errc::module_unusable,
              fmt::format("no module '{}' is in {}, where a name without a folder is looked for", name,
                          P11CSR_REGISTERED_MODULE_DIR),
              "name the module by its path: --module /path/to/module.so, or --module ./module.so");
}

std::string file_to_load(const ModuleFile& file) {
  const bool has_folder = file.path.find('/') != std::string::npos;
  std::string path = has_folder ? file.path : path_of_name(file.path);
  return file.trusted ? path : trusted_path(path);
}

/// SignalsAside keeps what asks a process to end from threads that are made while it lives, as some modules (OpenSC
/// with GLib) make them when they are loaded: such a thread would take the signal, and the process end without a word.
class SignalsAside {
 public:
  SignalsAside() {
    sigset_t aside;
    sigemptyset(&aside);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&aside, signal);
    pthread_sigmask(SIG_BLOCK, &aside, &before_);
  }
  SignalsAside(const SignalsAside&) = delete;
  SignalsAside& operator=(const SignalsAside&) = delete;
  ~SignalsAside() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

void* open_library(const std::string& path) {
  const SignalsAside aside;
  return dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
}

CK_C_GetFunctionList list_getter(void* library, const std::string& path) {
  // POSIX lets dlsym's object pointer stand for a function.
  const auto get = reinterpret_cast<CK_C_GetFunctionList>(dlsym(library, "C_GetFunctionList"));
  if (get == nullptr)
    throw Error(Errc::module_unusable, fmt::format("'{}' is not a PKCS #11 module: it has no C_GetFunctionList", path),
                kChooseModule);
  return get;
}

CK_FUNCTION_LIST* function_list(CK_C_GetFunctionList get, const std::string& path) {
  CK_FUNCTION_LIST* functions = nullptr;
  const CK_RV result = get(&functions);
  if (result != CKR_OK || functions == nullptr)
    throw Error(Errc::module_unusable, fmt::format("the module '{}' gave no function list", path), "",
                call_text("C_GetFunctionList", result));
  return functions;
}

CK_FUNCTION_LIST* list_of_interface(void* library) {
  const auto get = reinterpret_cast<GetInterface>(dlsym(library, "C_GetInterface"));
  return get != nullptr ? interface_list(get) : nullptr;
}

// libp11 keeps the CK_RV of what failed as the reason in OpenSSL's queue, its last 23 bits.
CK_RV last_libp11_reason() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  return static_cast<CK_RV>(ERR_GET_REASON(code));
}

Error initialize_failure(const std::string& path, const char* call, CK_RV result) {
  const char* hint = "see what the module needs: its configuration file, its daemon, or --module-args for NSS";
  return {Errc::module_unusable, fmt::format("the module '{}' does not start", path), hint, call_text(call, result)};
}

int take_name(dl_phdr_info* library, std::size_t /*size*/, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(library->dlpi_name);
  return 0;
}

// What a module has brought with it stays in memory: a library that does not come back as it was when it is loaded a
// second time would take the program with it (GCC's libitm, which openCryptoki's tokens need).
void keep_libraries() {
  std::vector<std::string> names;
  dl_iterate_phdr(take_name, &names);
  for (const std::string& name : names)
    if (!name.empty()) static_cast<void>(dlopen(name.c_str(), RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE));
}

}  // namespace

void Module::LibraryCloser::operator()(void* library) const noexcept { dlclose(library); }

void Module::ContextCloser::operator()(void* context) const noexcept {
  keep_libraries();
  try {
    if (monitor != nullptr) monitor->before("C_Finalize");
  } catch (...) {  // an interruption has come too late to stop anything
  }
  if (is_list) {
    const CK_RV result = static_cast<CK_FUNCTION_LIST*>(context)->C_Finalize(nullptr);
    if (monitor != nullptr) monitor->after("C_Finalize", result);
    return;
  }
  auto* libp11 = static_cast<PKCS11_CTX*>(context);
  PKCS11_CTX_unload(libp11);
  if (monitor != nullptr) monitor->after("C_Finalize", CKR_OK);
  PKCS11_CTX_free(libp11);
}

Module::Context Module::start_by_libp11(const std::string& path, const ModuleFile& file, CallMonitor* monitor) {
  PKCS11_CTX* libp11 = PKCS11_CTX_new();
  if (libp11 == nullptr) throw Error(Errc::unexpected, "libp11 could not make a context");
  if (!file.init_arguments.empty()) PKCS11_CTX_init_args(libp11, file.init_arguments.c_str());
  try {
    if (monitor != nullptr) monitor->before("C_Initialize");
  } catch (...) {
    PKCS11_CTX_free(libp11);
    throw;
  }
  const bool loaded = PKCS11_CTX_load(libp11, path.c_str()) == 0;
  const CK_RV result = loaded ? CKR_OK : last_libp11_reason();
  if (monitor != nullptr) monitor->after("C_Initialize", result);
  if (!loaded) {
    PKCS11_CTX_free(libp11);
    // libp11 calls both and does not tell which one failed.
    throw initialize_failure(file.path, "C_GetInfo or C_Initialize", result);
  }
  return {libp11, ContextCloser{monitor, false}};
}

Module::Context Module::start_list(CK_FUNCTION_LIST* functions, const ModuleFile& file, CallMonitor* monitor) {
  std::string reserved = file.init_arguments;
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  if (!reserved.empty()) arguments.pReserved = reserved.data();
  const CK_RV result = Cryptoki(functions, monitor).call("C_Initialize", &CK_FUNCTION_LIST::C_Initialize, &arguments);
  if (result != CKR_OK) throw initialize_failure(file.path, "C_Initialize", result);
  return {functions, ContextCloser{monitor, true}};
}

Module::Module(std::string path, Library library, Context context, Cryptoki cryptoki)
    : path_(std::move(path)), library_(std::move(library)), context_(std::move(context)), cryptoki_(cryptoki) {}

Module::~Module() = default;

bool Module::is_started(const ModuleFile& file) {
  const Library library(dlopen(file_to_load(file).c_str(), RTLD_LAZY | RTLD_NOLOAD));
  if (!library) return false;
  CK_INFO info{};
  return function_list(list_getter(library.get(), file.path), file.path)->C_GetInfo(&info) !=
         CKR_CRYPTOKI_NOT_INITIALIZED;
}

std::shared_ptr<const Module> Module::load(const ModuleFile& file, CallMonitor* monitor) {
  const std::string path = file_to_load(file);
  Library library(open_library(path));
  if (!library) {
    const char* reason = dlerror();
    throw Error(
        Errc::module_unusable,
        fmt::format("cannot load the module '{}': {}", file.path, reason != nullptr ? reason : "no reason given"),
        kChooseModule);
  }
  const CK_C_GetFunctionList get = list_getter(library.get(), file.path);
  CK_FUNCTION_LIST* newest = list_of_interface(library.get());
  CK_FUNCTION_LIST* functions = newest != nullptr ? newest : function_list(get, file.path);
  // A module may give each caller a list that is started for itself (p11-kit's client, which connects once for each):
  // what libp11 starts would not be ours. Nothing says that starting the list of version 2 starts an interface.
  const bool shared = newest == nullptr && function_list(get, file.path) == functions;
  Context context = shared ? start_by_libp11(path, file, monitor) : start_list(functions, file, monitor);
  return std::shared_ptr<const Module>(
      new Module(file.path, std::move(library), std::move(context), Cryptoki(functions, monitor)));
}

}  // namespace p11csr::pkcs11
