# Whether posts may show a person's name.

privacy-off = Posts name teams, never people. There is nothing to choose.
privacy-named = Posts may show your name if you get among the first of a board.
privacy-unnamed = You stay unnamed: no post shows your name. Your own place stays visible to you.
button-stay-unnamed = Stay unnamed
button-show-my-name = Show my name
