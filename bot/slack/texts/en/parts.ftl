# What several messages use. Values in { $… } are filled in; *…* is bold, `…` is code.

as-of = As of { $when }.
button-how-it-works = How it works
modal-title = Bandstand
button-close = Close
button-cancel = Cancel
somebody-gone = Somebody who has left
