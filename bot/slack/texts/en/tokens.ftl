# A person's own ingest tokens.

connect-title = *Connect Claude Code with a token of your own*
connect-lines = In this message are the lines to paste.
connect-how = Put these lines into your shell's profile (`~/.zshrc` or `~/.bashrc`) and start Claude Code anew:
connect-ask-for-address = I don't know the address under which I can be reached. Ask your AI ops team for it, and put it in place of `{ $placeholder }`. (They can tell me with the setting BANDSTAND_PUBLIC_URL.)
connect-counted = What is counted: which model, how many tokens, what it cost, when and in which session. What is never seen: prompts, answers and code. Claude Code leaves them out, and anything of the kind is dropped at the door.
connect-shown-once = The token is shown this once. Whoever has it can count usage as yours, so keep it to yourself, and revoke it when a laptop is lost.
tokens-count = { $count ->
    [0] You have no tokens.
    [one] { $count } token counts usage as yours.
   *[other] { $count } tokens count usage as yours.
}
tokens-others = Your other tokens:
tokens-yours = Your tokens:
tokens-unused = `bst_{ $id }_…`, made on { $made }, not used yet
tokens-used = `bst_{ $id }_…`, made on { $made }, last used on { $used }
tokens-too-many = You have { $most } tokens already. Revoke one, then ask again.
tokens-revoked = Revoked. Within seconds, nothing that comes with this token is counted any more.
tokens-no-such = You have no such token any more.
button-revoke-this-token = Revoke this token
button-revoke-token = Revoke
