-- What the elements of a page are called, beside what its blocks say: the same names on other pages of the site are the same thing.

ALTER TABLE page_blocks ADD COLUMN shapes BLOB NOT NULL DEFAULT x''; -- Eight bytes a shape, little-endian, ascending: 5 of its names, mean log-odds in tenths + 128, lowest taken, size.
