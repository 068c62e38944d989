-- What was said to everyone, in the order of the room.

CREATE TABLE said (
    -- The number of its first line. The order of the room is the order of these numbers.
    id INTEGER PRIMARY KEY,
    -- Milliseconds since 1970, UTC, by a clock that may have been wrong.
    at INTEGER NOT NULL,
    -- Which stay of which person, so that they can have what they said forgotten.
    visit INTEGER NOT NULL,
    speaker TEXT NOT NULL,
    -- How many lines were said at once: one, or those of a paste.
    lines INTEGER NOT NULL,
    -- The lines, an LF between each two.
    text TEXT NOT NULL
);

CREATE INDEX said_at ON said (at);

CREATE INDEX said_visit ON said (visit);
