//! What can be wrong with data, D07xx and D08xx.

lind_diagnostics::rules! {
    D0701_MISSING_COLUMN: error "D0701" "missing-column" "a table lacks a column that it needs";
    D0702_COLUMN_TWICE: error "D0702" "column-twice" "two columns of a table have the same name";
    D0703_UNREADABLE_TABLE: error "D0703" "unreadable-table" "a table has no header that can be read";
    D0704_NO_ROWS: note "D0704" "no-rows" "a table has a header and no rows";
    D0705_UNKNOWN_COLUMN: note "D0705" "unknown-column" "a column is not one that is read";
    D0706_UNKNOWN_FILE: note "D0706" "unknown-file" "a file is not one of the tables";
    D0710_FIELD_COUNT: error "D0710" "field-count" "a row has more or fewer fields than the header";
    D0711_OPEN_QUOTE: error "D0711" "open-quote" "a quoted field is not closed";
    D0712_NOT_UTF8: error "D0712" "not-utf8" "a row is not written in UTF-8";
    D0713_NUL_CHARACTER: error "D0713" "nul-character" "a row holds a NUL character";
    D0714_ROW_TOO_LONG: error "D0714" "row-too-long" "a row is longer than 1 MiB";
    D0715_MISSING_FIELD: error "D0715" "missing-field" "a field that a row needs is empty";
    D0720_UNKNOWN_PATIENT: error "D0720" "unknown-patient" "a row is about a patient who is not in `patients`";
    D0721_PATIENT_TWICE: error "D0721" "patient-twice" "a patient has two rows in `patients`";
    D0722_MILESTONE_CONFLICT: error "D0722" "milestone-conflict" "a milestone of a patient has two times";
    D0723_CODE_SPELLING: error "D0723" "code-spelling" "a code is nearly one that is looked for";
    D0724_UNUSED_SYSTEM: warning "D0724" "unused-system" "a table is coded in a system of which no code is looked for";
    D0730_UNREADABLE_TIME: error "D0730" "unreadable-time" "a date or a time cannot be read";
    D0731_UNKNOWN_SITE_OFFSET: note "D0731" "unknown-site-offset" "times carry an offset from UTC and the site's own is not known";
    D0732_END_BEFORE_START: error "D0732" "end-before-start" "something ends before it begins";
    D0740_NOT_A_NUMBER: error "D0740" "not-a-number" "a value is not a number";
    D0741_UNKNOWN_COMPARATOR: error "D0741" "unknown-comparator" "a comparator is none of the four";
    D0742_UNKNOWN_UNIT: error "D0742" "unknown-unit" "a unit is not known";
    D0743_LIMITS_SWAPPED: error "D0743" "limits-swapped" "a lower limit is above the upper limit";
    D0744_COMPARATOR_WITHOUT_VALUE: error "D0744" "comparator-without-value" "a comparator stands before no value";
    D0745_UNLIKELY_UNIT: warning "D0745" "unlikely-unit" "a unit reads as something that was hardly meant";
    D0750_UNKNOWN_WORD: error "D0750" "unknown-word" "a field holds none of the words that its column knows";
    D0751_NOT_FINAL: warning "D0751" "not-final" "a result is not final";
    D0760_UNKNOWN_SETTING: warning "D0760" "unknown-setting" "a key in `dataset.toml` is not known";
    D0761_WRONG_SETTING: error "D0761" "wrong-setting" "a value in `dataset.toml` cannot be used";
    D0762_AS_OF_AFTER_CUT_OFF: warning "D0762" "as-of-after-cut-off" "the as-of date is after the cut-off of the data";
    D0763_CHANGED_WHILE_READ: error "D0763" "changed-while-read" "a table changed while it was read";
    D0780_UNREAD_DOMAIN: note "D0780" "unread-domain" "a data set is of a domain that is not read";
    D0781_DAY_CONTRADICTS_DATE: warning "D0781" "day-contradicts-date" "a study day contradicts the date beside it";
    D0782_ENCODING_GUESSED: warning "D0782" "encoding-guessed" "texts are not in UTF-8, and nothing says how they are written";
    D0783_UNREADABLE_DATA_SET: error "D0783" "unreadable-data-set" "a data set cannot be read";
    D0784_BROKEN_RECORD: error "D0784" "broken-record" "a record of a data set cannot be read";
    D0785_OTHER_DOMAIN: error "D0785" "other-domain" "a record is of another domain than its data set";
    D0786_NOT_ASKED: error "D0786" "not-asked" "whether something happened was not asked, or not answered";
    D0787_DID_NOT_HAPPEN: note "D0787" "did-not-happen" "records say that something did not happen";
    D0788_LEFT_OUT: warning "D0788" "left-out" "a limit or a dose cannot be read, and the row is used without it";
    D0800_PART_LOST: error "D0800" "part-lost" "a part of a file cannot be read";
    D0801_TWO_FILES: error "D0801" "two-files" "a table stands in two files";
    D0802_COLUMN_TYPE: error "D0802" "column-type" "a column is of a type that is not read";
    D0806_ENTRY_LEFT_ALONE: warning "D0806" "entry-left-alone" "a file within an archive is not read";
}
