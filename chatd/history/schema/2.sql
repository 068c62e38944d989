-- Search: which texts have which three characters in a row.

CREATE VIRTUAL TABLE words USING fts5 (text, content='said', content_rowid='id', tokenize='trigram');

-- What is in there goes by number up to here. The rest is put there when there is time. So a
-- new row always gets a number above this one, or it would never be found.
CREATE TABLE searchable (up_to INTEGER NOT NULL);

INSERT INTO searchable VALUES (0);

CREATE TRIGGER said_deleted AFTER DELETE ON said
WHEN old.id <= (SELECT up_to FROM searchable)
BEGIN
    INSERT INTO words (words, rowid, text) VALUES ('delete', old.id, old.text);
END;
