# A question or a report for the people who run the program.

question-title = Ask or report
question-label = What would you like to ask or report?
question-hint = The people who run the program read it, with your name. Please leave out prompts, answers and anything secret.
button-send = Send
question-empty = Please write a few words.
question-sent = Sent. The people who run the program will come back to you.
question-asked = *{ $name }* asks or reports: { $question }
question-nobody = I don't know who runs the program here, so there is nobody to ask. Whoever installed me can name them in the program file.
