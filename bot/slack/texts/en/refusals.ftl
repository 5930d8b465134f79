# Why somebody is not served. Kind, private, and silent about everything else.

refused-stranger = I don't know you yet. If you work here, ask your AI ops team to add your Slack account's e-mail address to Bandstand's directory.
refused-elsewhere = Bandstand serves the people of its own workspace only.
refused-board = There is no board of that name. Boards: { $boards }.
refused-board-none = No board is on at present.
refused-no-team = The directory names no team for you, so there is no team place to show.
refused-store-away = I can't reach my database just now. Please try again in a minute.
refused-not-yours = That is not yours to see or decide. If you think that it should be, ask your AI ops team.
