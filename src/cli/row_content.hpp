#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <p11csr/model/error.hpp>
#include <p11csr/profile/profile.hpp>

#include "cli/content_flags.hpp"

namespace p11csr::cli {

/// RowFields are the columns of one row of a roster or a manifest that hold something.
using RowFields = std::map<std::string, std::string>;

/// is_flag_column tells the columns that mean the flag of the same name: label, id, subject, san. is_note_column tells
/// those for people, whose names begin with '_'. Every other column is a field of the profile.
[[nodiscard]] bool is_flag_column(std::string_view name);
[[nodiscard]] bool is_note_column(std::string_view name);

/// check_columns judges the first row of a table: each column once, and each a known one or one for people. Throws
/// Error(malformed_input).
void check_columns(const std::vector<std::string>& names, const std::vector<std::string>& known);
/// check_width throws Error(malformed_input) for a row that has not a field for each column.
void check_width(std::size_t fields, std::size_t columns);
/// at_line puts "PATH:LINE: " before what is wrong.
[[nodiscard]] Error at_line(std::string_view path, std::uint64_t line, const Error& error);

/// with_row puts a row over the flags; `id` is no content and left to the caller.
[[nodiscard]] ContentFlags with_row(ContentFlags flags, const RowFields& row);

/// use_label_as_pattern makes the flag --label, which one request takes as it stands, a profile's pattern: many
/// requests need many labels. Throws Error(malformed_input).
void use_label_as_pattern(ContentFlags& flags, profile::Profile& profile);

/// open_fields are the fields that a profile needs under these flags and that none of them fills.
[[nodiscard]] std::vector<std::string> open_fields(const profile::Profile& profile, const ContentFlags& flags);

/// split_names takes "dns:a;dns:b" apart. A ';' that no KIND: follows belongs to the name before it
/// (othername:OID;UTF8:VALUE).
[[nodiscard]] std::vector<std::string> split_names(std::string_view text);

}  // namespace p11csr::cli
