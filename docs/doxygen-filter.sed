# What Doxygen is to make of a public header. A field's comment stands behind it:
s,([;\,{]) +// ,\1 ///< ,
# A field without one is told by its name and its type.
/^  [A-Za-z][^()]*;$/ { /^ *(using|friend|struct|class|static|return) /! s,$, ///< \&nbsp;, }
# That values are compared by their fields goes without saying.
s,^ +friend .*= default;$,,
