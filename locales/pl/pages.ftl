reference = Numer sprawy
reference-hint = Podaj ten numer, prosząc o pomoc.
meeting = Spotkanie
provider = Logowanie
character = Niedozwolone
address = Adres
try-again = Spróbuj ponownie
start-again = Zacznij od nowa
open-again = Otwórz ponownie link do spotkania.
last-used = Użyte ostatnio
last-used-at = Ostatnie użycie
somebody-else = Zaloguj się jako ktoś inny
log-out = Wyloguj się
log-out-everywhere = Wyloguj się wszędzie
down = W tej chwili nie odpowiada
support = Potrzebna pomoc?

landing =
    .title = Do spotkania dzieli cię jedno kliknięcie
    .what = Tutaj logujesz się na spotkania wideo swojej organizacji.
    .next = Otwórz link do spotkania, a reszta zrobi się sama.
    .action = Przejdź do strony spotkań

signed-in =
    .title = Jesteś zalogowany(-a)
    .what = Następny link do spotkania otworzy się bez ponownego logowania.
    .places = Gdzie trwa Twoje logowanie
    .unknown = Nieznane urządzenie
    .here = Ta przeglądarka
    .since = Od
    .end = Wyloguj tam

logout =
    .title = Wylogować się?
    .what = Potem następny link do spotkania poprosi o ponowne zalogowanie.

relay =
    .title = Chwileczkę
    .what = Trwa kończenie logowania.
    .onward = Przechodzisz do logowania swojej organizacji.
    .leaving = Trwa wylogowywanie.
    .next = Jeśli nic się nie dzieje, przejdź dalej tutaj.
    .action = Dalej

choose =
    .title = Jak chcesz się zalogować?
    .what = Wybierz konto, którego używasz na tym spotkaniu.

choose-idp =
    .title = Z jakiej instytucji Państwo są?
    .what = Nazwa uczelni, instytutu lub firmy
    .action = Szukaj
    .none = Żadna instytucja nie pasuje. Proszę spróbować innej części nazwy.
    .more = Jest ich więcej. Proszę wpisać część nazwy, aby znaleźć swoją.

guest =
    .title = Jak się nazywasz?
    .what = Inni uczestnicy spotkania zobaczą imię, które tu wpiszesz.
    .action = Wejdź jako gość
    .empty = Najpierw wpisz imię.
    .long = To imię jest za długie. Może mieć 50 znaków.
    .invisible = W tym imieniu jest niewidoczny znak. Wpisz je jeszcze raz.

pass =
    .title = Masz zaproszenie na spotkanie
    .early = Spotkanie nie jest jeszcze otwarte. Zostań na tej stronie, a wejdziesz, gdy tylko się otworzy.
    .opens = Początek
    .ends = Koniec
    .room = Na które spotkanie chcesz wejść?
    .no-room = To zaproszenie nie dotyczy tego spotkania.
    .login = To zaproszenie wymaga zalogowania, aby było wiadomo, kto wchodzi.
    .log-in = Zaloguj się i wejdź
    .action = Wejdź na spotkanie
    .as = Wchodzisz jako
    .calendar = Dodaj do kalendarza
    .picture = Kod QR tego zaproszenia

password =
    .title = Zaloguj się
    .what = Użyj nazwy i hasła konta swojej organizacji.
    .name = Nazwa użytkownika
    .secret = Hasło
    .action = Zaloguj się
    .empty = Wpisz nazwę użytkownika i hasło.
    .wrong = Nazwa użytkownika lub hasło jest nieprawidłowe. Po wielu próbach konto może być przez pewien czas zablokowane.
    .wait = Zbyt wiele prób. Poczekaj { $minutes ->
        [one] jedną minutę
        [few] { $minutes } minuty
       *[other] { $minutes } minut
    }, a potem spróbuj ponownie.
    .caps = Caps Lock jest włączony.

no-page =
    .title = Tu nie ma żadnej strony
    .what = Ten adres donikąd nie prowadzi.
    .next = Otwórz ponownie link do spotkania lub poproś o niego osobę, która cię zaprosiła.

wrong-method =
    .title = Tego nie można tu zrobić
    .what = Ten adres istnieje, ale nie do tego, o co poprosiła przeglądarka.
    .next = Otwórz ponownie link do spotkania.

bad-request =
    .title = Link jest uszkodzony
    .what = W adresie czegoś brakuje albo coś jest za długie lub podane dwa razy.
    .next = Otwórz ponownie link do spotkania. Jeśli pochodzi z wiadomości, sprawdź, czy został skopiowany w całości.

bad-room =
    .title = Takiej nazwy spotkania nie można użyć
    .what = W nazwie spotkania jest znak, którego nie może w niej być.
    .next = Poproś osobę, która cię zaprosiła, o inny link lub wybierz nazwę z liter, cyfr i łączników.

spaced-room =
    .title = Takiej nazwy spotkania nie można użyć
    .what = Nazwa spotkania zaczyna się lub kończy spacją albo ma dwie spacje obok siebie.
    .next = Poproś osobę, która cię zaprosiła, o inny link lub usuń te spacje.

empty-room =
    .title = Link nie wskazuje żadnego spotkania
    .what = Na końcu adresu brakuje nazwy spotkania.
    .next = Sprawdź, czy link został skopiowany w całości, lub poproś o niego osobę, która cię zaprosiła.

long-room =
    .title = Nazwa spotkania jest za długa
    .what = Nazwa spotkania nie może być aż tak długa.
    .next = Poproś osobę, która cię zaprosiła, o inny link lub wybierz krótszą nazwę.

bad-settings =
    .title = Link jest uszkodzony
    .what = Ustawień spotkania zawartych w linku nie można odczytać albo jest ich za dużo.
    .next = Otwórz spotkanie ponownie z jego własnej strony.

no-provider =
    .title = Takiego logowania nie ma
    .what = Link wymaga sposobu logowania, którego się tu nie oferuje.
    .next = Otwórz ponownie link do spotkania.

lost =
    .title = Logowanie zgubiło się po drodze
    .what = Wracasz, ale ta przeglądarka nie ma już rozpoczętego logowania. Być może zostało już ukończone albo zaczęło się w innym oknie lub innej przeglądarce.
    .next = Zacznij tutaj od nowa i pozostań w tym oknie, aż wejdziesz na spotkanie.

lost-again =
    .title = Przeglądarka nie przechowuje logowania
    .what = Logowanie zgubiło się dwa razy z rzędu, więc samo zaczęcie od nowa nie pomoże. Zwykle przyczyna jest jedna z tych:
    .cookies = Pliki cookie są zablokowane. Zezwól na nie dla tej strony; jeden jest potrzebny do chwili wejścia na spotkanie.
    .private = Okno prywatne lub rozszerzenie je usuwa. Spróbuj w zwykłym oknie.
    .host = Logowanie zaczęło się pod innym adresem. Podczas logowania pasek adresu musi pokazywać adres podany niżej.
    .browser = Link otworzył się wewnątrz innej aplikacji. Otwórz go w przeglądarce.
    .clock = Zegar urządzenia wskazuje zły czas. Ustaw go.
    .next = Potem otwórz ponownie link do spotkania.

expired =
    .title = To trwało zbyt długo
    .what = Logowanie trzeba ukończyć w ciągu { $minutes ->
        [one] jednej minuty
       *[other] { $minutes } minut
    }, a to nie zostało ukończone.
    .next = Nic nie przepadło: zacznij tutaj od nowa.

expired-again =
    .title = To znowu trwało zbyt długo
    .what = Dwa logowania z rzędu nie zostały ukończone na czas.
    .next = Gdy znajdziesz czas na logowanie, otwórz ponownie link do spotkania.

not-yours =
    .title = Ta odpowiedź należy do innego logowania
    .what = To, co wróciło, nie pasuje do żadnego logowania rozpoczętego w tej przeglądarce, więc nie zostało użyte.
    .next = Jeśli prowadził tu link od kogoś innego, zamknij tę stronę. Na spotkanie wchodzi się przez jego własny link.

cancelled =
    .title = Logowanie się nie odbyło
    .what = Logowanie zostało anulowane lub odrzucone.
    .next = Możesz spróbować ponownie, także z innym kontem.

not-admitted =
    .title = To konto nie jest tu przyjmowane
    .what = Logowanie się powiodło, ale przyjmowane są tylko konta określonych organizacji.
    .next = Spróbuj z kontem swojej organizacji lub zapytaj osobę, która cię zaprosiła.

password-to-change =
    .title = Najpierw trzeba zmienić hasło
    .what = Hasło jest prawidłowe, ale wygasło albo zostało ci nadane do zmiany.
    .next = Zmień je tam, gdzie umożliwia to twoja organizacja, a potem spróbuj ponownie.

account-disabled =
    .title = Tego konta nie można teraz używać
    .what = Hasło jest prawidłowe, ale konto jest wyłączone, wygasło albo nie obowiązuje o tej porze.
    .next = Zapytaj administratora lub spróbuj z innym kontem.

untrusted =
    .title = Nie udało się potwierdzić logowania
    .what = Odpowiedź usługi logowania nie przeszła wszystkich kontroli, więc nie została użyta.
    .next = Spróbuj ponownie. Jeśli to się powtórzy, powiadom administratora.

turned-away =
    .title = Logowanie jest źle skonfigurowane
    .what = Usługa logowania nie zna tej strony lub jej nie dopuszcza. To nie twoja wina.
    .next = Powiadom administratora; dopóki to nie zostanie naprawione, ponowna próba nie pomoże.

sign-on-first =
    .title = Najpierw logowanie Twojej organizacji
    .what = Logowanie się udało, ale organizacja pokazuje swoich członków dopiero po własnym logowaniu jednokrotnym.
    .next = Zaloguj się do swojej organizacji w usłudze logowania, zezwól tam tej stronie na dostęp i spróbuj ponownie.

too-many-calls =
    .title = Za dużo logowań w tej chwili
    .what = Usługa logowania nie przyjmuje na razie kolejnych żądań od tej strony. To nie Twoja wina.
    .next = Odczekaj kilka minut i spróbuj ponownie.

provider-down =
    .title = Logowanie nie odpowiada
    .what = Usługa logowania jest nieosiągalna lub nie dała poprawnej odpowiedzi. To nie twoja wina.
    .next = Odczekaj minutę, a potem spróbuj ponownie.

refused =
    .title = Nie możesz wejść na to spotkanie
    .what = Logowanie się powiodło, ale to konto nie ma wstępu na to spotkanie albo nie o tej porze.
    .next = Zapytaj osobę, która cię zaprosiła, lub spróbuj z innym kontem.

closed =
    .title = Nikt nie może teraz wejść na to spotkanie
    .what = O tej porze żadne logowanie nie daje wstępu na to spotkanie.
    .next = Sprawdź nazwę i godzinę spotkania lub zapytaj osobę, która cię zaprosiła.

pass-unknown =
    .title = Takiego zaproszenia nie ma
    .what = Link nie prowadzi do żadnego zaproszenia: może brakuje jego części albo dawno wygasło.
    .next = Otwórz link dokładnie tak, jak go dostałeś, lub zapytaj osobę, która cię zaprosiła.

pass-late =
    .title = To zaproszenie wygasło
    .what = Czas, na który je przygotowano, już minął.
    .next = Poproś o nowe osobę, która cię zaprosiła.

pass-used-up =
    .title = To zaproszenie jest wykorzystane
    .what = Weszło z nim już tyle osób, ile przewidziano.
    .next = Wróć do przeglądarki, z której wcześniej wszedłeś, lub zapytaj osobę, która cię zaprosiła.

pass-withdrawn =
    .title = To zaproszenie zostało wycofane
    .what = Osoba, która je przygotowała, cofnęła je.
    .next = Zapytaj osobę, która cię zaprosiła.

pass-wait =
    .title = Za dużo błędnych zaproszeń
    .what = Z twojej sieci otwarto zbyt wiele linków, które nie prowadzą do żadnego zaproszenia.
    .next = Odczekaj kilka minut, a potem otwórz link dokładnie tak, jak go dostałeś.

pass-down =
    .title = Nie można teraz sprawdzić twojego zaproszenia
    .what = To, co pamiętamy o zaproszeniach, jest chwilowo niedostępne. To nie twoja wina.
    .next = Odczekaj minutę i otwórz link ponownie.

no-sessions =
    .title = Nie można teraz sprawdzić Twojego logowania
    .what = To, co pamiętamy o logowaniach, jest chwilowo niedostępne. Do spotkań nadal można wejść przez ich linki, logując się za każdym razem.
    .next = Odczekaj minutę i spróbuj ponownie.

not-recorded =
    .title = W tej chwili nikogo nie można wpuścić
    .what = Każde wejście jest zapisywane, a teraz nie da się tego zapisać.
    .next = Odczekaj minutę i spróbuj ponownie.

stale-form =
    .title = Ta strona jest nieaktualna
    .what = Od jej otwarcia nastąpiło logowanie lub wylogowanie albo żądanie przyszło z innej witryny, więc nic nie zrobiono.
    .next = Wróć, wczytaj stronę ponownie i spróbuj jeszcze raz.

broken =
    .title = Coś poszło nie tak po naszej stronie
    .what = To nie twoja wina.
    .next = Spróbuj ponownie. Jeśli to się powtórzy, powiadom administratora.
