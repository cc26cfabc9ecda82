#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/content_flags.hpp"

namespace p11csr::cli {

/// RowFields are the columns of one row of a roster or a manifest that hold something.
using RowFields = std::map<std::string, std::string>;

/// is_flag_column tells the columns that mean the flag of the same name: label, id, subject, san. is_note_column tells
/// those for people, whose names begin with '_'. Every other column is a field of the profile.
[[nodiscard]] bool is_flag_column(std::string_view name);
[[nodiscard]] bool is_note_column(std::string_view name);

/// with_row puts a row over the flags; `id` is no content and left to the caller.
[[nodiscard]] ContentFlags with_row(ContentFlags flags, const RowFields& row);

/// split_names takes "dns:a;dns:b" apart. A ';' that no KIND: follows belongs to the name before it
/// (othername:OID;UTF8:VALUE).
[[nodiscard]] std::vector<std::string> split_names(std::string_view text);

}  // namespace p11csr::cli
