#pragma once

#include <optional>
#include <string>
#include <vector>

#include <p11csr/workflow/batch.hpp>

#include "cli/manifest.hpp"
#include "cli/request_content.hpp"

namespace p11csr::cli {

/// RowComposer makes requests out of the rows of a manifest, by content flags and a profile that are read once.
class RowComposer : public workflow::BatchComposer {
 public:
  /// RowComposer of rows that name existing keys in `key_column`, or have new ones where that is empty. Throws Error
  /// for flags that do not fit many requests.
  RowComposer(ContentFlags flags, std::string key_column);

  /// set_date is what {date} means in a profile: the day that the batch was begun.
  void set_date(std::string date) { date_ = std::move(date); }

  /// columns are those that a manifest may have.
  [[nodiscard]] std::vector<std::string> columns() const;
  /// key_column is the one that names existing keys; empty where new ones are made.
  [[nodiscard]] const std::string& key_column() const { return key_column_; }

  /// plan judges a row, and gives it a CKA_ID where it has none. `warnings` is how many findings of lint are none that
  /// refuse. Throws Error.
  [[nodiscard]] batch::PlannedRow plan(const ManifestRow& row, std::size_t& warnings) const;
  /// column_of names the column that makes a row fail with that error, where one alone does.
  [[nodiscard]] std::string column_of(const ManifestRow& row, const Error& error) const;

  [[nodiscard]] workflow::RequestOptions compose(const batch::PlannedRow& row) const override;

 private:
  void check_alone(const std::string& name, const std::string& text) const;
  [[nodiscard]] RequestContent content_of(const RowFields& fields) const;
  [[nodiscard]] static workflow::RequestOptions options_of(const RequestContent& content, const batch::PlannedRow& row);

  ContentFlags flags_;
  std::string key_column_;
  profile::Sourced<profile::Profile> profile_;
  std::string date_;
};

}  // namespace p11csr::cli
