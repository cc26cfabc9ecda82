#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <p11csr/model/bytes.hpp>

#pragma GCC visibility push(default)
namespace p11csr::batch {

/// Stage is how far a row has come.
enum class Stage { planned, generated, signed_, written };  // NOLINT(readability-identifier-naming): a keyword

/// stage_name is "planned", "generated", "signed", "written".
[[nodiscard]] std::string_view stage_name(Stage stage);

/// PlannedRow is a row of the manifest before anything was done for it.
struct PlannedRow {
  std::uint64_t line = 0;  // of the manifest, from 1
  std::string label;       // of the new key and of the file; unlike every other row's
  Bytes id;                // the new key's CKA_ID; empty where the row names an existing key
  std::string selector;    // the existing key: a label, id:HEX or a URI; empty where a key is made
  std::string fields;      // what the row says, as the composer reads it
  Bytes content;           // what its key will sign: a DER CertificationRequestInfo with a stand-in for the key
  std::string key;         // what is made, "EC P-256, ecdsa-with-SHA256"; empty where the row names an existing key

  /// means_the_same leaves line and ID out of account.
  [[nodiscard]] bool means_the_same(const PlannedRow& other) const {
    return label == other.label && selector == other.selector && fields == other.fields && content == other.content &&
           key == other.key;
  }
};

/// LedgerRow is a row as it stands. Times are milliseconds since 1970 (UTC), 0 where that has not happened.
struct LedgerRow {
  std::int64_t number = 0;  // the order in the manifest, from 1
  PlannedRow plan;
  Stage stage = Stage::planned;
  std::string key_uri;
  std::string spki_sha256;
  Bytes request;  // DER; empty before it is signed
  std::string request_sha256;
  std::int64_t planned_at = 0;
  std::int64_t generated_at = 0;
  std::int64_t signed_at = 0;
  std::int64_t written_at = 0;
  std::string error;  // of the last try, empty where it succeeded
};

/// LedgerCount is how many rows stand at each stage, and how many of those that are not written failed last.
struct LedgerCount {
  std::uint64_t total = 0;
  std::uint64_t planned = 0;
  std::uint64_t generated = 0;
  std::uint64_t is_signed = 0;
  std::uint64_t written = 0;
  std::uint64_t failed = 0;
};

/// Ledger is the record of a batch in an SQLite file (WAL). What commit returned from is on the disk. It is used by one
/// thread. No PIN is ever in it. Functions throw Error(file_failed) where the file cannot be read or written.
class Ledger {
 public:
  /// open reads a ledger or makes one (0600), for one run at a time. Throws Error(file_failed) that names the process
  /// that has it, Error(malformed_input) for a file that is no ledger.
  [[nodiscard]] static Ledger open(const std::string& path);
  /// read opens a ledger that is there, also one in use or one on a disk that cannot be written to, and changes no row.
  [[nodiscard]] static Ledger read(const std::string& path);
  /// temporary is a ledger that is gone at its end.
  [[nodiscard]] static Ledger temporary();

  /// Ledger takes over the open file of another one, which can only be assigned to or destroyed then.
  Ledger(Ledger&&) noexcept;
  /// What was not committed to the ledger that was open before is lost.
  Ledger& operator=(Ledger&&) noexcept;
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;
  ~Ledger();

  /// setting is what stands there of that name; absent where nothing was settled.
  [[nodiscard]] std::optional<std::string> setting(const std::string& name) const;
  /// settle writes down what the batch is about ("token"), the first time; it gives what stands there.
  std::string settle(const std::string& name, const std::string& value);

  /// Planning is what plan found.
  enum class Planning { added, there, another, label_twice, id_twice };
  /// begin_planning goes before the rows of a manifest.
  void begin_planning();
  /// plan adds a row, or finds the row of its label: `there` where it means the same, `another` where it does not. What
  /// another row of the manifest has is not added. A row that is there keeps its ID.
  [[nodiscard]] Planning plan(const PlannedRow& row);
  /// is_new is true for a row that plan has added since begin_planning: it cannot have a key yet.
  [[nodiscard]] bool is_new(std::int64_t number) const;
  /// unplanned gives labels of rows that plan was not called for since begin_planning.
  [[nodiscard]] std::vector<std::string> unplanned(std::size_t most) const;

  /// row finds a row by its number, from 1; absent where there is none. So do the two others.
  [[nodiscard]] std::optional<LedgerRow> row(std::int64_t number) const;
  /// row_of_label finds the row of a label.
  [[nodiscard]] std::optional<LedgerRow> row_of_label(const std::string& label) const;
  /// row_of_id finds the row whose new key has the CKA_ID.
  [[nodiscard]] std::optional<LedgerRow> row_of_id(const Bytes& id) const;
  /// names_key is true where a row names an existing key that turned out to have this URI.
  [[nodiscard]] bool names_key(const std::string& uri) const;
  /// Which rows are asked for.
  enum class Which { all, unfinished };
  /// rows_after gives rows of a higher number, in order, `most` of them.
  [[nodiscard]] std::vector<LedgerRow> rows_after(std::int64_t number, std::size_t most, Which which) const;
  /// for_each hands out all rows in the order of their numbers, one at a time.
  void for_each(const std::function<void(const LedgerRow&)>& use) const;
  /// count tells how many rows stand at each stage.
  [[nodiscard]] LedgerCount count() const;

  /// generated notes that a row has its key, and the SHA-256 of its SubjectPublicKeyInfo in hexadecimal.
  void generated(std::int64_t number, const std::string& key_uri, const std::string& spki_sha256);
  /// is_signed notes that a row has its request, as DER, and the SHA-256 of that in hexadecimal.
  void is_signed(std::int64_t number, const std::string& key_uri, const std::string& spki_sha256, const Bytes& request,
                 const std::string& request_sha256);
  /// written notes that the request of a row is in its file.
  void written(std::int64_t number);
  /// failed notes why a row could not go on; its stage stays.
  void failed(std::int64_t number, const std::string& error);
  /// commit has the disk keep what was noted.
  void commit();
  /// abandon forgets what was not committed, and the file where nothing ever was.
  void abandon();

 private:
  struct Store;
  explicit Ledger(std::unique_ptr<Store> store);
  std::unique_ptr<Store> store_;
};

}  // namespace p11csr::batch
#pragma GCC visibility pop
