#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <p11csr/profile/library.hpp>

#include "unit/cli/scratch_folder.hpp"
#include "unit/model/thrown_error.hpp"

namespace p11csr::profile {
namespace {

using test::ScratchFolder;
using test::thrown_error;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

class LibraryTest : public testing::Test {
 protected:
  LibraryTest() {
    std::filesystem::create_directory(person_);
    std::filesystem::create_directory(machine_);
  }
  static void write(const std::string& folder, const std::string& name, std::string_view text) {
    std::ofstream(folder + "/" + name + ".toml") << text;
  }
  [[nodiscard]] Library library() const { return Library({person_, machine_}); }
  [[nodiscard]] Error refusal(const std::string& name) const {
    return thrown_error([&] { return library().find(name); });
  }

  ScratchFolder scratch_;
  std::string person_ = scratch_.file("person");
  std::string machine_ = scratch_.file("machine");
};

TEST(PlacesTest, ThePersonsFolderComesBeforeTheMachines) {
  Places places;
  places.xdg_config_home = "/home/a/xdg";
  places.home = "/home/a";
  EXPECT_THAT(places.folders(), ElementsAre("/home/a/xdg/p11csr", "/etc/p11csr"));
}

TEST(PlacesTest, WithoutAnAbsoluteXdgFolderItIsBelowHome) {
  Places places;
  places.xdg_config_home = "relative";
  places.home = "/home/a";
  EXPECT_THAT(places.folders(), ElementsAre("/home/a/.config/p11csr", "/etc/p11csr"));
  places.home.reset();
  EXPECT_THAT(places.folders(), ElementsAre("/etc/p11csr"));
}

TEST(PlacesTest, ConfiguredFoldersComeLast) {
  EXPECT_THAT(profile_folders({}, {"/srv/profiles"}), ElementsAre("/etc/p11csr/profiles", "/srv/profiles"));
}

TEST_F(LibraryTest, FindsAShippedProfileWithoutAnyFile) {
  const Profile profile = Library({}).find("tls-server");
  EXPECT_EQ(profile.name, "tls-server");
  EXPECT_THAT(profile.files, ElementsAre("shipped tls-server.toml"));
}

TEST_F(LibraryTest, APersonsFileHidesTheMachinesAndTheShippedOne) {
  write(machine_, "tls-server", "description = \"machine\"");
  EXPECT_EQ(library().find("tls-server").description->value, "machine");
  write(person_, "tls-server", "description = \"person\"");
  const Profile profile = library().find("tls-server");
  EXPECT_EQ(profile.description->value, "person");
  EXPECT_EQ(profile.description->origin.text(), person_ + "/tls-server.toml:1");
}

TEST_F(LibraryTest, ReadsAFileByItsPath) {
  write(machine_, "web", "description = \"web\"");
  EXPECT_EQ(Library({}).find(machine_ + "/web.toml").name, "web");
}

TEST_F(LibraryTest, MergesWhatAProfileExtendsAndRemembersWhereEachValueCameFrom) {
  write(person_, "web", "extends = \"tls-server\"\n\nsubject = \"CN={host},O=Example\"\n");
  const Profile profile = library().find("web");
  EXPECT_EQ(profile.subject->origin.text(), person_ + "/web.toml:3");
  EXPECT_THAT(profile.extended_key_usage->origin.text(), testing::StartsWith("shipped tls-server.toml:"));
  EXPECT_THAT(profile.files, ElementsAre(person_ + "/web.toml", "shipped tls-server.toml"));
}

TEST_F(LibraryTest, AProfileMayUnlockWhatItExtendsLocks) {
  write(machine_, "base", "locked = [\"san\", \"subject\"]");
  write(machine_, "web", "extends = \"base\"\noverridable = \"san\"");
  EXPECT_TRUE(library().find("web").flag_may_set(Setting::san));
  EXPECT_FALSE(library().find("web").flag_may_set(Setting::subject));
}

TEST_F(LibraryTest, AProfileThatExtendsItsOwnNameMeansTheNextOne) {
  write(person_, "tls-server", "extends = \"tls-server\"\nlabel = \"person\"");
  write(machine_, "tls-server", "extends = \"tls-server\"\ndescription = \"machine\"");
  const Profile profile = library().find("tls-server");
  EXPECT_EQ(profile.label->value.text(), "person");
  EXPECT_EQ(profile.description->value, "machine");
  EXPECT_TRUE(profile.required_san.has_value());
  EXPECT_EQ(library().find(person_ + "/tls-server.toml").description->value, "machine");
}

TEST_F(LibraryTest, ExtendsAFileBesideIt) {
  write(person_, "base", "description = \"base\"");
  write(person_, "web", "extends = \"./base.toml\"");
  EXPECT_EQ(Library({}).find(person_ + "/web.toml").description->value, "base");
}

TEST_F(LibraryTest, ShowsTheCircleInWhichProfilesExtendEachOther) {
  write(person_, "a", "extends = \"b\"");
  write(person_, "b", "extends = \"./../person/a.toml\"");
  const Error error = refusal("a");
  EXPECT_EQ(error.code(), Errc::malformed_input);
  EXPECT_THAT(error.what(), HasSubstr("in a circle: " + person_ + "/a.toml extends " + person_ + "/b.toml extends "));
}

TEST_F(LibraryTest, AProfileThatExtendsItselfIsACircle) {
  write(person_, "a", "extends = \"a\"");
  EXPECT_THAT(refusal("a").what(), HasSubstr("in a circle"));
}

TEST_F(LibraryTest, NamesTheNearestProfileAndTheFoldersThatWereSearched) {
  const Error error = refusal("tls-sever");
  EXPECT_EQ(error.code(), Errc::usage);
  EXPECT_EQ(error.hint(), "did you mean 'tls-server'?");
  EXPECT_THAT(error.what(), HasSubstr("searched " + person_ + ", " + machine_ + ", shipped profiles"));
}

TEST_F(LibraryTest, SaysWhoExtendsAnUnknownProfile) {
  write(person_, "web", "\nextends = \"tls-sever\"");
  const Error error = refusal("web");
  EXPECT_THAT(error.what(), HasSubstr(person_ + "/web.toml:2: extends: there is no profile 'tls-sever'"));
  EXPECT_EQ(error.hint(), "did you mean 'tls-server'?");
}

TEST_F(LibraryTest, AFileThatIsMissingOrUnreadableIsAFileError) {
  EXPECT_EQ(refusal(person_ + "/none.toml").code(), Errc::file_failed);
  EXPECT_EQ(refusal(person_ + "/").code(), Errc::file_failed);
}

TEST_F(LibraryTest, ANameIsNoPath) { EXPECT_EQ(refusal("..").code(), Errc::usage); }

TEST_F(LibraryTest, RefusesAFileOfMoreThanAMegabyte) {
  write(person_, "long", std::string(1024UL * 1024UL + 1, '#'));
  EXPECT_THAT(refusal("long").what(), HasSubstr("is longer than"));
}

TEST_F(LibraryTest, ListsEachNameOnceWithWhatItHides) {
  write(person_, "tls-server", "description = \"ours\"");
  const auto listed = library().list();
  EXPECT_EQ(listed.size(), 13U);
  const auto found = std::find_if(listed.begin(), listed.end(),
                                  [](const ListedProfile& profile) { return profile.name == "tls-server"; });
  ASSERT_NE(found, listed.end());
  EXPECT_EQ(found->description, "ours");
  EXPECT_EQ(found->file, person_ + "/tls-server.toml");
  EXPECT_THAT(found->hides, ElementsAre("shipped tls-server.toml"));
}

TEST_F(LibraryTest, ListsAProfileThatCannotBeUsedWithTheReason) {
  write(person_, "broken", "subjct = 1");
  const auto listed = library().list();
  ASSERT_EQ(listed.front().name, "broken");
  EXPECT_THAT(listed.front().problem, EndsWith("unknown key 'subjct'"));
  EXPECT_EQ(listed.front().hint, "did you mean 'subject'?");
}

}  // namespace
}  // namespace p11csr::profile
