### What visitors read. Each story has a title, what happened, and what they can do next.
### Names, characters and numbers stand beside the sentences, never inside, so that right-to-left text stays in order.

## Labels

reference = Reference number
reference-hint = Quote this number when you ask for help.
meeting = Meeting
provider = Login
character = Not allowed
address = Address
try-again = Try again
start-again = Start again
open-again = Open the link of your meeting again.
last-used = Used last time
last-used-at = Last used
somebody-else = Log in as somebody else
log-out = Log out
log-out-everywhere = Log out everywhere
down = Not answering at the moment
support = Do you need help?

## Pages that lead on

landing =
    .title = Your meeting is one click away
    .what = This is where you log in to your organisation’s video meetings.
    .next = Open the link of your meeting, and you will be brought in from there.
    .action = Go to the meeting site

signed-in =
    .title = You are logged in
    .what = The next meeting link opens without another login.
    .places = Where you are logged in
    .unknown = Unknown device
    .here = This browser
    .since = Since
    .end = Log out there

logout =
    .title = Log out?
    .what = After that, the next meeting link asks you to log in again.

relay =
    .title = One moment
    .what = Your login is being completed.
    .onward = You are being taken to your organisation’s login.
    .leaving = Your logout is being completed.
    .next = If nothing happens, continue here.
    .action = Continue

choose =
    .title = How do you want to log in?
    .what = Pick the account that you use for this meeting.

choose-idp =
    .title = Which organisation are you from?
    .what = Name of your university, institute or company
    .action = Search
    .none = No organisation fits. Try another part of its name.
    .more = There are more. Type a part of the name to find yours.

guest =
    .title = What is your name?
    .what = Others in the meeting see the name that you enter here.
    .action = Enter as a guest
    .empty = Enter a name first.
    .long = This name is too long. It can have 50 characters.
    .invisible = This name has a character in it that can’t be seen. Type it again.

pass =
    .title = You are invited to a meeting
    .early = The meeting is not open yet. Stay on this page, and you will be let in when it is.
    .opens = Opens
    .ends = Ends
    .room = Which meeting do you want to enter?
    .no-room = This invitation is not for that meeting.
    .login = This invitation asks for a login, so that it is known who enters.
    .log-in = Log in and enter
    .action = Enter the meeting
    .as = You enter as
    .calendar = Add to the calendar
    .picture = QR code of this invitation

password =
    .title = Log in
    .what = Use the name and the password of your organisation’s account.
    .name = User name
    .secret = Password
    .action = Log in
    .empty = Enter your user name and your password.
    .wrong = The user name or the password isn’t right. After many attempts an account may be locked for a while.
    .wait = Too many attempts. Wait { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }, then try again.
    .caps = Caps Lock is on.

## The link

no-page =
    .title = There is no page here
    .what = The address leads nowhere.
    .next = Open the link of your meeting again, or ask whoever invited you for it.

wrong-method =
    .title = That can’t be done here
    .what = This address exists, but not for what your browser asked of it.
    .next = Open the link of your meeting again.

bad-request =
    .title = The link is damaged
    .what = Something in the address is missing, too long, or given twice.
    .next = Open the link of your meeting again. If it came in a message, make sure that all of it was copied.

bad-room =
    .title = This meeting name can’t be used
    .what = The name of the meeting has a character in it that meeting names can’t have.
    .next = Ask whoever invited you for another link, or choose a name of letters, digits and hyphens.

spaced-room =
    .title = This meeting name can’t be used
    .what = The name of the meeting begins or ends with a space, or has two of them in a row.
    .next = Ask whoever invited you for another link, or leave these spaces out.

empty-room =
    .title = The link names no meeting
    .what = The name of the meeting is missing at the end of the address.
    .next = Make sure that all of the link was copied, or ask whoever invited you for it.

long-room =
    .title = This meeting name is too long
    .what = The name of the meeting is longer than a meeting’s name can be.
    .next = Ask whoever invited you for another link, or choose a shorter name.

bad-settings =
    .title = The link is damaged
    .what = The meeting settings in the link can’t be read, or there are too many of them.
    .next = Open the meeting again from its own page.

no-provider =
    .title = This login doesn’t exist
    .what = The link asks for a way to log in that isn’t offered here.
    .next = Open the link of your meeting again.

## A login that got nowhere

lost =
    .title = Your login got lost on the way
    .what = You came back, but this browser no longer holds the login it began. It may have been finished already, or begun in another window or browser.
    .next = Start again from here, and stay in this window until you are in the meeting.

lost-again =
    .title = Your browser doesn’t keep the login
    .what = The login was lost twice in a row, so starting again won’t help by itself. One of these is the usual reason:
    .cookies = Cookies are blocked. Allow them for this site; one is needed until you are in the meeting.
    .private = A private window or an extension deletes them. Try a normal window.
    .host = The login began under another address. During the login the address bar has to show the one below.
    .browser = The link opened inside another app. Open it in your browser instead.
    .clock = The clock of your device is wrong. Set it to the right time.
    .next = Then open the link of your meeting again.

expired =
    .title = That took too long
    .what = A login has to be finished within { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }, and this one wasn’t.
    .next = Nothing is lost: start again from here.

expired-again =
    .title = That took too long again
    .what = Two logins in a row weren’t finished in time.
    .next = When you are ready to log in, open the link of your meeting again.

not-yours =
    .title = This answer belongs to another login
    .what = What came back doesn’t fit any login that this browser began, so it wasn’t used.
    .next = If you followed a link that somebody sent you, close this page. To enter a meeting, open its own link.

cancelled =
    .title = You weren’t logged in
    .what = The login was cancelled, or it was declined.
    .next = You can try again, with another account if you have one.

not-admitted =
    .title = This account isn’t accepted here
    .what = You logged in, but only accounts of certain organisations are accepted.
    .next = Try again with the account of your organisation, or ask whoever invited you.

password-to-change =
    .title = Your password has to be changed first
    .what = Your password is right, but it has expired, or it was given to you to be changed.
    .next = Change it where your organisation lets you do so, then try again.

account-disabled =
    .title = This account can’t be used now
    .what = Your password is right, but the account is disabled, has expired, or isn’t for this hour.
    .next = Ask your administrator, or try again with another account.

untrusted =
    .title = Your login couldn’t be confirmed
    .what = The answer of the login didn’t pass every check, so it wasn’t used.
    .next = Try again. If this comes back, tell your administrator.

turned-away =
    .title = The login isn’t set up right
    .what = The login service doesn’t know this site, or doesn’t accept it. You did nothing wrong.
    .next = Tell your administrator; trying again won’t help until it is put right.

sign-on-first =
    .title = Your organisation’s own login comes first
    .what = You logged in, but an organisation shows who belongs to it only after its own single sign-on.
    .next = Log in to your organisation at the login service, allow this site access to it there, then try again.

too-many-calls =
    .title = Too many logins just now
    .what = The login service takes no more requests from this site for the moment. You did nothing wrong.
    .next = Wait a few minutes, then try again.

provider-down =
    .title = The login isn’t answering
    .what = The login service can’t be reached, or didn’t give a proper answer. You did nothing wrong.
    .next = Wait a minute, then try again.

## The decision

refused =
    .title = You can’t enter this meeting
    .what = You are logged in, but this account isn’t let into this meeting, or not at this time.
    .next = Ask whoever invited you, or try again with another account.

closed =
    .title = Nobody can enter this meeting now
    .what = No login is let into this meeting at this time.
    .next = Make sure of the meeting’s name and time, or ask whoever invited you.

pass-unknown =
    .title = This invitation doesn’t exist
    .what = The link leads to no invitation: part of it may be missing, or it ended long ago.
    .next = Open the link just as you got it, or ask whoever invited you.

pass-late =
    .title = This invitation has ended
    .what = The time that it was made for is over.
    .next = Ask whoever invited you for another one.

pass-used-up =
    .title = This invitation is used up
    .what = As many have entered with it as it was made for.
    .next = Go back to the browser that you entered with before, or ask whoever invited you.

pass-withdrawn =
    .title = This invitation was withdrawn
    .what = Whoever made it has taken it back.
    .next = Ask whoever invited you.

pass-wait =
    .title = Too many wrong invitations
    .what = From your network, too many links were opened that lead to no invitation.
    .next = Wait a few minutes, then open the link just as you got it.

pass-down =
    .title = Your invitation can’t be looked up now
    .what = What we remember of invitations can’t be reached for the moment. You did nothing wrong.
    .next = Wait a minute, then open the link again.

## Trouble on this side

no-sessions =
    .title = Your login can’t be looked up now
    .what = What we remember of logins can’t be reached for the moment. Meetings can still be entered by their links, with a login each time.
    .next = Wait a minute, then try again.

not-recorded =
    .title = Nobody can be let in for the moment
    .what = A record is kept of everybody who enters, and it can’t be written just now.
    .next = Wait a minute, then try again.

stale-form =
    .title = This page is out of date
    .what = You have logged in or out since it was opened, or the request came from another site, so nothing was done.
    .next = Go back, load the page again, and try once more.

broken =
    .title = Something went wrong on our side
    .what = You did nothing wrong.
    .next = Try again. If this comes back, tell your administrator.
