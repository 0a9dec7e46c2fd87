//! The syntax diagnostics, E01xx.

lind_diagnostics::rules! {
    E0101_TAB_INDENTATION: error "E0101" "tab-indentation" "a line is indented with a tab";
    E0102_RAGGED_INDENTATION: error "E0102" "ragged-indentation" "a line is indented like none of the lines above it";
    E0103_UNREADABLE_LINE: error "E0103" "unreadable-line" "a line cannot be read";
    E0104_UNKNOWN_KEYWORD: error "E0104" "unknown-keyword" "a line begins with a word that begins nothing here";
    E0105_NOTHING_BELOW: error "E0105" "nothing-below" "a line has lines below it that it cannot hold";
    E0106_EMPTY_LIST: error "E0106" "empty-list" "a list has nothing below it";
    E0107_UNCLOSED_QUOTE: error "E0107" "unclosed-quote" "a quoted text is not closed on its line";
    E0108_NESTED_TOO_DEEPLY: error "E0108" "nested-too-deeply" "lists are nested too deeply";
    E0109_LINE_TOO_LONG: error "E0109" "line-too-long" "a line is too long";
    E0110_GROUPED_NUMBER: error "E0110" "grouped-number" "a number is written with thousands separators";
    E0111_UNSEEN_CHARACTER: error "E0111" "unseen-character" "a line holds a character that cannot be seen";
    E0112_CURLY_QUOTE: error "E0112" "curly-quote" "a text stands in quotes that curl";
    E0113_FOREIGN_COMMENT: error "E0113" "foreign-comment" "a comment begins in the manner of another language";
    E0114_MISPLACED_LINE: error "E0114" "misplaced-line" "a line stands where lines of its kind do not belong";
}
