-- What a server asks for is kept apart from what the config asks for, so that a config that asks for more can be obeyed
-- at once and the server all the same.

ALTER TABLE feeds ADD COLUMN not_before TEXT; -- What the last answer asked for (Retry-After, max-age, ttl, skipHours …) allows no poll before this time; NULL when it asked for nothing.
