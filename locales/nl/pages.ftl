reference = Referentienummer
reference-hint = Noem dit nummer als je om hulp vraagt.
meeting = Vergadering
provider = Aanmelding
character = Niet toegestaan
address = Adres
try-again = Opnieuw proberen
start-again = Opnieuw beginnen
open-again = Open de link van je vergadering opnieuw.
last-used = De vorige keer gebruikt
last-used-at = Laatst gebruikt
somebody-else = Als iemand anders inloggen
log-out = Uitloggen
log-out-everywhere = Overal uitloggen
down = Reageert op dit moment niet
support = Hulp nodig?

landing =
    .title = Je vergadering is één klik ver
    .what = Hier meld je je aan voor de videovergaderingen van je organisatie.
    .next = Open de link van je vergadering, de rest gaat vanzelf.
    .action = Naar de vergadersite

signed-in =
    .title = U bent ingelogd
    .what = De volgende link naar een vergadering opent zonder opnieuw in te loggen.
    .places = Waar u bent ingelogd
    .unknown = Onbekend apparaat
    .here = Deze browser
    .since = Sinds
    .end = Daar uitloggen

logout =
    .title = Uitloggen?
    .what = Daarna vraagt de volgende link naar een vergadering u weer in te loggen.

relay =
    .title = Een ogenblik
    .what = Je aanmelding wordt afgerond.
    .onward = Je gaat naar de aanmelding van je organisatie.
    .leaving = U wordt afgemeld.
    .next = Gebeurt er niets, ga dan hier verder.
    .action = Verder

choose =
    .title = Hoe wil je je aanmelden?
    .what = Kies het account dat je voor deze vergadering gebruikt.

choose-idp =
    .title = Van welke instelling bent u?
    .what = Naam van uw universiteit, instituut of bedrijf
    .action = Zoeken
    .none = Geen instelling past. Probeer een ander deel van de naam.
    .more = Er zijn er meer. Typ een deel van de naam om de uwe te vinden.

guest =
    .title = Hoe heet u?
    .what = De anderen in de vergadering zien de naam die u hier invult.
    .action = Als gast naar binnen
    .empty = Vul eerst een naam in.
    .long = Deze naam is te lang. Hij mag 50 tekens hebben.
    .invisible = In deze naam staat een onzichtbaar teken. Typ hem opnieuw.

pass =
    .title = U bent uitgenodigd voor een vergadering
    .early = De vergadering is nog niet open. Blijf op deze pagina, dan wordt u binnengelaten zodra het zover is.
    .opens = Begint
    .ends = Eindigt
    .room = Naar welke vergadering wilt u?
    .no-room = Deze uitnodiging is niet voor die vergadering.
    .login = Deze uitnodiging vraagt om een aanmelding, zodat bekend is wie er binnenkomt.
    .log-in = Aanmelden en naar binnen
    .action = Naar de vergadering
    .as = U komt binnen als
    .calendar = In de agenda zetten
    .picture = QR-code van deze uitnodiging

password =
    .title = Aanmelden
    .what = Gebruik de naam en het wachtwoord van het account van je organisatie.
    .name = Gebruikersnaam
    .secret = Wachtwoord
    .action = Aanmelden
    .empty = Vul je gebruikersnaam en je wachtwoord in.
    .wrong = De gebruikersnaam of het wachtwoord klopt niet. Na veel pogingen kan een account een tijd geblokkeerd zijn.
    .wait = Te veel pogingen. Wacht { $minutes ->
        [one] één minuut
       *[other] { $minutes } minuten
    } en probeer het dan opnieuw.
    .caps = Caps Lock staat aan.

no-page =
    .title = Hier is geen pagina
    .what = Dit adres leidt nergens heen.
    .next = Open de link van je vergadering opnieuw, of vraag erom bij wie je heeft uitgenodigd.

wrong-method =
    .title = Dat kan hier niet
    .what = Dit adres bestaat, maar niet voor wat je browser ervan vroeg.
    .next = Open de link van je vergadering opnieuw.

bad-request =
    .title = De link is beschadigd
    .what = In het adres ontbreekt iets, of er is iets te lang of dubbel.
    .next = Open de link van je vergadering opnieuw. Kwam hij uit een bericht, let er dan op dat hij helemaal is gekopieerd.

bad-room =
    .title = Deze vergadernaam kan niet
    .what = In de naam van de vergadering staat een teken dat er niet in mag staan.
    .next = Vraag wie je heeft uitgenodigd om een andere link, of kies een naam van letters, cijfers en streepjes.

spaced-room =
    .title = Deze vergadernaam kan niet
    .what = De naam van de vergadering begint of eindigt met een spatie, of heeft er twee achter elkaar.
    .next = Vraag wie je heeft uitgenodigd om een andere link, of laat die spaties weg.

empty-room =
    .title = De link noemt geen vergadering
    .what = Aan het eind van het adres ontbreekt de naam van de vergadering.
    .next = Let erop dat de hele link is gekopieerd, of vraag erom bij wie je heeft uitgenodigd.

long-room =
    .title = Deze vergadernaam is te lang
    .what = De naam van een vergadering kan niet zo lang zijn.
    .next = Vraag wie je heeft uitgenodigd om een andere link, of kies een kortere naam.

bad-settings =
    .title = De link is beschadigd
    .what = De instellingen van de vergadering in de link zijn niet te lezen, of het zijn er te veel.
    .next = Open de vergadering opnieuw vanaf haar eigen pagina.

no-provider =
    .title = Deze aanmelding bestaat niet
    .what = De link vraagt om een manier van aanmelden die hier niet wordt aangeboden.
    .next = Open de link van je vergadering opnieuw.

lost =
    .title = Je aanmelding is onderweg verloren gegaan
    .what = Je bent terug, maar deze browser heeft de begonnen aanmelding niet meer. Misschien was ze al afgerond, of begonnen in een ander venster of een andere browser.
    .next = Begin hier opnieuw, en blijf in dit venster tot je in de vergadering bent.

lost-again =
    .title = Je browser onthoudt de aanmelding niet
    .what = De aanmelding ging twee keer achter elkaar verloren, dus opnieuw beginnen helpt vanzelf niet. Meestal is dit de reden:
    .cookies = Cookies zijn geblokkeerd. Sta ze toe voor deze site; er is er een nodig tot je in de vergadering bent.
    .private = Een privévenster of een extensie wist ze. Probeer het in een gewoon venster.
    .host = De aanmelding begon onder een ander adres. Tijdens het aanmelden moet in de adresbalk het adres staan dat hieronder staat.
    .browser = De link is binnen een andere app geopend. Open hem in je browser.
    .clock = De klok van je apparaat loopt verkeerd. Zet hem goed.
    .next = Open daarna de link van je vergadering opnieuw.

expired =
    .title = Dat duurde te lang
    .what = Een aanmelding moet binnen { $minutes ->
        [one] één minuut
       *[other] { $minutes } minuten
    } klaar zijn, en deze was dat niet.
    .next = Er is niets verloren: begin hier opnieuw.

expired-again =
    .title = Dat duurde weer te lang
    .what = Twee aanmeldingen achter elkaar waren niet op tijd klaar.
    .next = Open de link van je vergadering opnieuw zodra je tijd hebt om je aan te melden.

not-yours =
    .title = Dit antwoord hoort bij een andere aanmelding
    .what = Wat terugkwam past bij geen aanmelding die in deze browser is begonnen, en is daarom niet gebruikt.
    .next = Volgde je een link die iemand je stuurde, sluit dan deze pagina. Een vergadering open je met haar eigen link.

cancelled =
    .title = Je bent niet aangemeld
    .what = De aanmelding is afgebroken of geweigerd.
    .next = Je kunt het opnieuw proberen, ook met een ander account.

not-admitted =
    .title = Dit account wordt hier niet aangenomen
    .what = Je hebt je aangemeld, maar alleen accounts van bepaalde organisaties worden aangenomen.
    .next = Probeer het met het account van je organisatie, of vraag het aan wie je heeft uitgenodigd.

password-to-change =
    .title = Je wachtwoord moet eerst worden gewijzigd
    .what = Je wachtwoord klopt, maar het is verlopen, of je hebt het gekregen om het te wijzigen.
    .next = Wijzig het waar je organisatie dat toelaat en probeer het dan opnieuw.

account-disabled =
    .title = Dit account kan nu niet worden gebruikt
    .what = Je wachtwoord klopt, maar het account is uitgeschakeld, verlopen of geldt niet op dit uur.
    .next = Vraag het je beheerder, of probeer het met een ander account.

untrusted =
    .title = Je aanmelding kon niet worden bevestigd
    .what = Het antwoord van de aanmelddienst doorstond niet elke controle, en is daarom niet gebruikt.
    .next = Probeer het opnieuw. Gebeurt het weer, zeg het dan tegen je beheerder.

turned-away =
    .title = De aanmelding is niet goed ingesteld
    .what = De aanmelddienst kent deze site niet, of laat haar niet toe. Jij hebt niets fout gedaan.
    .next = Zeg het tegen je beheerder; tot het is hersteld, helpt opnieuw proberen niet.

sign-on-first =
    .title = Eerst de eigen aanmelding van uw organisatie
    .what = U bent aangemeld, maar een organisatie toont pas na haar eigen single sign-on wie erbij hoort.
    .next = Meld u bij de aanmelddienst aan bij uw organisatie, geef deze site daar toegang en probeer het opnieuw.

too-many-calls =
    .title = Nu even te veel aanmeldingen
    .what = De aanmelddienst neemt op dit moment geen verzoeken van deze site meer aan. U hebt niets verkeerd gedaan.
    .next = Wacht een paar minuten en probeer het dan opnieuw.

provider-down =
    .title = De aanmelding antwoordt niet
    .what = De aanmelddienst is niet bereikbaar, of gaf geen bruikbaar antwoord. Jij hebt niets fout gedaan.
    .next = Wacht een minuut en probeer het dan opnieuw.

refused =
    .title = Je kunt deze vergadering niet in
    .what = Je bent aangemeld, maar dit account mag niet in deze vergadering, of niet op dit moment.
    .next = Vraag het aan wie je heeft uitgenodigd, of probeer het met een ander account.

closed =
    .title = Niemand kan nu deze vergadering in
    .what = Op dit moment geeft geen enkele aanmelding toegang tot deze vergadering.
    .next = Controleer naam en tijd van de vergadering, of vraag het aan wie je heeft uitgenodigd.

pass-unknown =
    .title = Deze uitnodiging bestaat niet
    .what = De link leidt naar geen uitnodiging: misschien ontbreekt er een deel, of ze is al lang voorbij.
    .next = Open de link precies zoals u hem kreeg, of vraag het aan wie u heeft uitgenodigd.

pass-late =
    .title = Deze uitnodiging is verlopen
    .what = De tijd waarvoor ze is gemaakt, is voorbij.
    .next = Vraag een nieuwe aan wie u heeft uitgenodigd.

pass-used-up =
    .title = Deze uitnodiging is opgebruikt
    .what = Er zijn er al zo veel mee binnengekomen als de bedoeling was.
    .next = Gebruik de browser waarmee u eerder binnenkwam, of vraag het aan wie u heeft uitgenodigd.

pass-withdrawn =
    .title = Deze uitnodiging is ingetrokken
    .what = Wie haar maakte, heeft haar teruggenomen.
    .next = Vraag het aan wie u heeft uitgenodigd.

pass-wait =
    .title = Te veel onjuiste uitnodigingen
    .what = Vanuit uw netwerk zijn te veel links geopend die naar geen uitnodiging leiden.
    .next = Wacht een paar minuten en open de link dan precies zoals u hem kreeg.

pass-down =
    .title = Uw uitnodiging kan nu niet worden opgezocht
    .what = Wat we van uitnodigingen onthouden, is op dit moment niet bereikbaar. U hebt niets verkeerd gedaan.
    .next = Wacht een minuut en open de link dan opnieuw.

no-sessions =
    .title = Uw login kan nu niet worden opgezocht
    .what = Wat we van logins onthouden, is op dit moment niet bereikbaar. Vergaderingen zijn nog steeds via hun link te betreden, met elke keer een login.
    .next = Wacht een minuut en probeer het dan opnieuw.

not-recorded =
    .title = Op dit moment kan niemand worden binnengelaten
    .what = Van iedereen die binnenkomt wordt een aantekening bewaard, en die kan nu niet worden geschreven.
    .next = Wacht een minuut en probeer het dan opnieuw.

stale-form =
    .title = Deze pagina is verouderd
    .what = U bent in- of uitgelogd sinds ze is geopend, of het verzoek kwam van een andere site. Daarom is er niets gedaan.
    .next = Ga terug, laad de pagina opnieuw en probeer het nog eens.

broken =
    .title = Er ging iets mis aan onze kant
    .what = Jij hebt niets fout gedaan.
    .next = Probeer het opnieuw. Gebeurt het weer, zeg het dan tegen je beheerder.
