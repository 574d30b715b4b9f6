-- The second factor of an account: the codes of an authenticator app (TOTP), with recovery codes.
CREATE TABLE account_factor (
    account_id TEXT   PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    -- sealed with UNKNOWN_WRITERS_KEY, which is not in the database
    secret     TEXT   NOT NULL,
    -- the time step of the newest accepted code: this code and older ones are refused
    last_step  BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- NULL while no code has proved that an app has the secret: signing in does not ask for codes yet
    enabled_at BIGINT
);

-- Recovery codes that are not used yet, by their hash.
CREATE TABLE account_recovery_code (
    hash       TEXT   PRIMARY KEY,
    account_id TEXT   NOT NULL REFERENCES account_factor (account_id) ON DELETE CASCADE
);
CREATE INDEX account_recovery_code_of_account ON account_recovery_code (account_id);

-- Browsers that gave the right password and still owe the code. They are not signed in.
CREATE TABLE account_sign_in (
    hash       TEXT   PRIMARY KEY,
    account_id TEXT   NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX account_sign_in_of_account ON account_sign_in (account_id);

-- When the password, and with a second factor the code, was last given in this browser.
ALTER TABLE account_session ADD COLUMN confirmed_at BIGINT NOT NULL DEFAULT 0;
