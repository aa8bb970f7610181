reference = Vorgangsnummer
reference-hint = Bitte angeben, wenn Sie um Hilfe bitten.
meeting = Besprechung
provider = Anmeldung
character = Nicht erlaubt
address = Adresse
try-again = Noch einmal versuchen
start-again = Neu beginnen
open-again = Öffnen Sie den Link Ihrer Besprechung noch einmal.
last-used = Zuletzt verwendet
last-used-at = Zuletzt verwendet am
somebody-else = Als jemand anderes anmelden
log-out = Abmelden
log-out-everywhere = Überall abmelden
down = Antwortet gerade nicht
support = Brauchen Sie Hilfe?

landing =
    .title = Nur ein Klick bis zur Besprechung
    .what = Hier melden Sie sich zu den Videobesprechungen Ihrer Organisation an.
    .next = Öffnen Sie den Link Ihrer Besprechung, alles Weitere folgt von selbst.
    .action = Zur Besprechungsseite

signed-in =
    .title = Sie sind angemeldet
    .what = Der nächste Link zu einer Besprechung öffnet sich ohne weitere Anmeldung.
    .places = Wo Sie angemeldet sind
    .unknown = Unbekanntes Gerät
    .here = Dieser Browser
    .since = Seit
    .end = Dort abmelden

logout =
    .title = Abmelden?
    .what = Danach müssen Sie sich beim nächsten Link zu einer Besprechung wieder anmelden.

relay =
    .title = Einen Moment
    .what = Ihre Anmeldung wird abgeschlossen.
    .onward = Sie kommen zur Anmeldung Ihrer Organisation.
    .leaving = Ihre Abmeldung wird abgeschlossen.
    .next = Wenn nichts geschieht, geht es hier weiter.
    .action = Weiter

choose =
    .title = Wie möchten Sie sich anmelden?
    .what = Wählen Sie das Konto, das Sie für diese Besprechung nutzen.

choose-idp =
    .title = Von welcher Einrichtung kommen Sie?
    .what = Name Ihrer Hochschule, Ihres Instituts oder Ihrer Firma
    .action = Suchen
    .none = Keine Einrichtung passt. Versuchen Sie einen anderen Teil des Namens.
    .more = Es gibt weitere. Geben Sie einen Teil des Namens ein, um Ihre zu finden.

guest =
    .title = Wie heißen Sie?
    .what = Die anderen in der Besprechung sehen den Namen, den Sie hier eingeben.
    .action = Als Gast eintreten
    .empty = Geben Sie zuerst einen Namen ein.
    .long = Dieser Name ist zu lang. Er darf 50 Zeichen haben.
    .invisible = In diesem Namen steht ein unsichtbares Zeichen. Geben Sie ihn noch einmal ein.

pass =
    .title = Sie sind zu einer Besprechung eingeladen
    .early = Die Besprechung ist noch nicht geöffnet. Bleiben Sie auf dieser Seite, dann werden Sie eingelassen, sobald es so weit ist.
    .opens = Beginnt
    .ends = Endet
    .room = In welche Besprechung möchten Sie?
    .no-room = Diese Einladung gilt nicht für diese Besprechung.
    .login = Diese Einladung verlangt eine Anmeldung, damit feststeht, wer eintritt.
    .log-in = Anmelden und eintreten
    .action = In die Besprechung
    .as = Sie treten ein als
    .calendar = In den Kalender eintragen
    .picture = QR-Code dieser Einladung

password =
    .title = Anmelden
    .what = Verwenden Sie Namen und Passwort des Kontos Ihrer Organisation.
    .name = Benutzername
    .secret = Passwort
    .action = Anmelden
    .empty = Geben Sie Benutzernamen und Passwort ein.
    .wrong = Der Benutzername oder das Passwort stimmt nicht. Nach vielen Versuchen kann ein Konto eine Weile gesperrt sein.
    .wait = Zu viele Versuche. Warten Sie { $minutes ->
        [one] eine Minute
       *[other] { $minutes } Minuten
    }, und versuchen Sie es dann noch einmal.
    .caps = Die Feststelltaste ist an.

no-page =
    .title = Hier gibt es keine Seite
    .what = Die Adresse führt nirgendwohin.
    .next = Öffnen Sie den Link Ihrer Besprechung noch einmal, oder fragen Sie die Person, die Sie eingeladen hat.

wrong-method =
    .title = Das geht hier nicht
    .what = Diese Adresse gibt es, aber nicht für das, was Ihr Browser von ihr wollte.
    .next = Öffnen Sie den Link Ihrer Besprechung noch einmal.

bad-request =
    .title = Der Link ist beschädigt
    .what = In der Adresse fehlt etwas, oder etwas ist zu lang oder doppelt angegeben.
    .next = Öffnen Sie den Link Ihrer Besprechung noch einmal. Stammt er aus einer Nachricht, achten Sie darauf, ihn ganz zu kopieren.

bad-room =
    .title = Dieser Name ist für Besprechungen nicht möglich
    .what = Der Name der Besprechung enthält ein Zeichen, das darin nicht vorkommen darf.
    .next = Bitten Sie die Person, die Sie eingeladen hat, um einen anderen Link, oder wählen Sie einen Namen aus Buchstaben, Ziffern und Bindestrichen.

spaced-room =
    .title = Dieser Name ist für Besprechungen nicht möglich
    .what = Der Name der Besprechung beginnt oder endet mit einem Leerzeichen oder enthält zwei hintereinander.
    .next = Bitten Sie die Person, die Sie eingeladen hat, um einen anderen Link, oder lassen Sie diese Leerzeichen weg.

empty-room =
    .title = Der Link nennt keine Besprechung
    .what = Am Ende der Adresse fehlt der Name der Besprechung.
    .next = Achten Sie darauf, den Link ganz zu kopieren, oder fragen Sie die Person, die Sie eingeladen hat.

long-room =
    .title = Der Name der Besprechung ist zu lang
    .what = So lang darf der Name einer Besprechung nicht sein.
    .next = Bitten Sie die Person, die Sie eingeladen hat, um einen anderen Link, oder wählen Sie einen kürzeren Namen.

bad-settings =
    .title = Der Link ist beschädigt
    .what = Die Einstellungen der Besprechung im Link sind nicht lesbar, oder es sind zu viele.
    .next = Öffnen Sie die Besprechung noch einmal von ihrer eigenen Seite aus.

no-provider =
    .title = Diese Anmeldung gibt es nicht
    .what = Der Link verlangt eine Art der Anmeldung, die hier nicht angeboten wird.
    .next = Öffnen Sie den Link Ihrer Besprechung noch einmal.

lost =
    .title = Ihre Anmeldung ging unterwegs verloren
    .what = Sie sind zurück, aber dieser Browser kennt die begonnene Anmeldung nicht mehr. Vielleicht wurde sie schon abgeschlossen oder in einem anderen Fenster oder Browser begonnen.
    .next = Beginnen Sie hier neu, und bleiben Sie in diesem Fenster, bis Sie in der Besprechung sind.

lost-again =
    .title = Ihr Browser behält die Anmeldung nicht
    .what = Die Anmeldung ging zweimal hintereinander verloren, ein neuer Versuch allein hilft also nicht. Meist liegt es an einem dieser Gründe:
    .cookies = Cookies sind gesperrt. Erlauben Sie sie für diese Seite; eines wird gebraucht, bis Sie in der Besprechung sind.
    .private = Ein privates Fenster oder eine Erweiterung löscht sie. Versuchen Sie es in einem normalen Fenster.
    .host = Die Anmeldung begann unter einer anderen Adresse. Während der Anmeldung muss in der Adresszeile die unten genannte stehen.
    .browser = Der Link wurde innerhalb einer anderen App geöffnet. Öffnen Sie ihn stattdessen in Ihrem Browser.
    .clock = Die Uhr Ihres Geräts geht falsch. Stellen Sie sie richtig.
    .next = Öffnen Sie danach den Link Ihrer Besprechung noch einmal.

expired =
    .title = Das hat zu lange gedauert
    .what = Eine Anmeldung muss innerhalb von { $minutes ->
        [one] einer Minute
       *[other] { $minutes } Minuten
    } abgeschlossen sein, diese war es nicht.
    .next = Es ist nichts verloren: Beginnen Sie hier neu.

expired-again =
    .title = Das hat wieder zu lange gedauert
    .what = Zwei Anmeldungen hintereinander wurden nicht rechtzeitig abgeschlossen.
    .next = Wenn Sie bereit sind, sich anzumelden, öffnen Sie den Link Ihrer Besprechung noch einmal.

not-yours =
    .title = Diese Antwort gehört zu einer anderen Anmeldung
    .what = Was zurückkam, passt zu keiner Anmeldung, die dieser Browser begonnen hat, und wurde deshalb nicht verwendet.
    .next = Hat Ihnen jemand diesen Link geschickt, dann schließen Sie diese Seite. In eine Besprechung gelangen Sie über deren eigenen Link.

cancelled =
    .title = Sie wurden nicht angemeldet
    .what = Die Anmeldung wurde abgebrochen oder abgelehnt.
    .next = Sie können es noch einmal versuchen, auch mit einem anderen Konto.

not-admitted =
    .title = Dieses Konto wird hier nicht angenommen
    .what = Sie haben sich angemeldet, aber nur Konten bestimmter Organisationen werden angenommen.
    .next = Versuchen Sie es mit dem Konto Ihrer Organisation, oder fragen Sie die Person, die Sie eingeladen hat.

password-to-change =
    .title = Ihr Passwort muss zuerst geändert werden
    .what = Ihr Passwort stimmt, aber es ist abgelaufen, oder Sie haben es bekommen, um es zu ändern.
    .next = Ändern Sie es dort, wo Ihre Organisation das vorsieht, und versuchen Sie es dann noch einmal.

account-disabled =
    .title = Dieses Konto kann jetzt nicht benutzt werden
    .what = Ihr Passwort stimmt, aber das Konto ist deaktiviert, abgelaufen oder gilt nicht zu dieser Zeit.
    .next = Wenden Sie sich an Ihre Administration, oder versuchen Sie es mit einem anderen Konto.

untrusted =
    .title = Ihre Anmeldung ließ sich nicht bestätigen
    .what = Die Antwort der Anmeldung bestand nicht jede Prüfung und wurde deshalb nicht verwendet.
    .next = Versuchen Sie es noch einmal. Geschieht es wieder, sagen Sie es Ihrer Administration.

turned-away =
    .title = Die Anmeldung ist nicht richtig eingerichtet
    .what = Der Anmeldedienst kennt diese Seite nicht oder lässt sie nicht zu. Sie haben nichts falsch gemacht.
    .next = Sagen Sie es Ihrer Administration; bis es behoben ist, hilft ein neuer Versuch nicht.

sign-on-first =
    .title = Zuerst kommt die eigene Anmeldung Ihrer Organisation
    .what = Sie sind angemeldet, aber eine Organisation zeigt erst nach ihrem eigenen Single Sign-on, wer zu ihr gehört.
    .next = Melden Sie sich beim Anmeldedienst bei Ihrer Organisation an, erlauben Sie dieser Seite dort den Zugriff und versuchen Sie es dann noch einmal.

too-many-calls =
    .title = Gerade zu viele Anmeldungen
    .what = Der Anmeldedienst nimmt im Moment keine weiteren Anfragen von dieser Seite an. Sie haben nichts falsch gemacht.
    .next = Warten Sie ein paar Minuten und versuchen Sie es dann noch einmal.

provider-down =
    .title = Die Anmeldung antwortet nicht
    .what = Der Anmeldedienst ist nicht erreichbar oder gab keine brauchbare Antwort. Sie haben nichts falsch gemacht.
    .next = Warten Sie eine Minute, und versuchen Sie es dann noch einmal.

refused =
    .title = Sie können nicht in diese Besprechung
    .what = Sie sind angemeldet, aber dieses Konto wird nicht in diese Besprechung gelassen, oder nicht zu dieser Zeit.
    .next = Fragen Sie die Person, die Sie eingeladen hat, oder versuchen Sie es mit einem anderen Konto.

closed =
    .title = In diese Besprechung kann gerade niemand
    .what = Zu dieser Zeit wird mit keiner Anmeldung jemand in diese Besprechung gelassen.
    .next = Prüfen Sie Namen und Zeit der Besprechung, oder fragen Sie die Person, die Sie eingeladen hat.

pass-unknown =
    .title = Diese Einladung gibt es nicht
    .what = Der Link führt zu keiner Einladung: Vielleicht fehlt ein Teil, oder sie ist schon lange abgelaufen.
    .next = Öffnen Sie den Link genau so, wie Sie ihn bekommen haben, oder fragen Sie die Person, die Sie eingeladen hat.

pass-late =
    .title = Diese Einladung ist abgelaufen
    .what = Die Zeit, für die sie gemacht wurde, ist vorbei.
    .next = Bitten Sie die Person, die Sie eingeladen hat, um eine neue.

pass-used-up =
    .title = Diese Einladung ist aufgebraucht
    .what = So viele, wie vorgesehen waren, sind mit ihr schon eingetreten.
    .next = Nehmen Sie den Browser, mit dem Sie zuvor eingetreten sind, oder fragen Sie die Person, die Sie eingeladen hat.

pass-withdrawn =
    .title = Diese Einladung wurde zurückgezogen
    .what = Wer sie gemacht hat, hat sie zurückgenommen.
    .next = Fragen Sie die Person, die Sie eingeladen hat.

pass-wait =
    .title = Zu viele falsche Einladungen
    .what = Aus Ihrem Netz wurden zu viele Links geöffnet, die zu keiner Einladung führen.
    .next = Warten Sie ein paar Minuten und öffnen Sie den Link dann genau so, wie Sie ihn bekommen haben.

pass-down =
    .title = Ihre Einladung ist gerade nicht auffindbar
    .what = Was wir über Einladungen gespeichert haben, ist im Augenblick nicht erreichbar. Sie haben nichts falsch gemacht.
    .next = Warten Sie eine Minute und öffnen Sie den Link dann noch einmal.

no-sessions =
    .title = Ihre Anmeldung ist gerade nicht auffindbar
    .what = Was wir über Anmeldungen gespeichert haben, ist im Augenblick nicht erreichbar. Besprechungen lassen sich weiterhin über ihren Link betreten, jeweils mit einer Anmeldung.
    .next = Warten Sie eine Minute und versuchen Sie es dann noch einmal.

not-recorded =
    .title = Im Augenblick kann niemand eingelassen werden
    .what = Jeder Eintritt wird aufgezeichnet, und das gelingt gerade nicht.
    .next = Warten Sie eine Minute und versuchen Sie es dann noch einmal.

stale-form =
    .title = Diese Seite ist veraltet
    .what = Sie haben sich an- oder abgemeldet, seit sie geöffnet wurde, oder die Anfrage kam von einer anderen Website. Darum wurde nichts getan.
    .next = Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.

broken =
    .title = Bei uns ist etwas schiefgegangen
    .what = Sie haben nichts falsch gemacht.
    .next = Versuchen Sie es noch einmal. Geschieht es wieder, sagen Sie es Ihrer Administration.
