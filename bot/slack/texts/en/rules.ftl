# The program in plain language; its sentences come from the rules themselves.

rules-title = How it works
rules-section = *{ $title }*
rules-sentence = • { $sentence }
