reference = Número de referencia
reference-hint = Indique este número si pide ayuda.
meeting = Reunión
provider = Inicio de sesión
character = No permitido
address = Dirección
try-again = Intentar de nuevo
start-again = Empezar de nuevo
open-again = Vuelva a abrir el enlace de su reunión.
last-used = Usado la última vez
last-used-at = Último uso
somebody-else = Iniciar sesión como otra persona
log-out = Cerrar sesión
log-out-everywhere = Cerrar sesión en todas partes
down = No responde en este momento
support = ¿Necesita ayuda?

landing =
    .title = Su reunión está a un clic
    .what = Aquí inicia sesión para las videorreuniones de su organización.
    .next = Abra el enlace de su reunión; lo demás viene solo.
    .action = Ir al sitio de reuniones

signed-in =
    .title = Ha iniciado sesión
    .what = El próximo enlace a una reunión se abrirá sin volver a iniciar sesión.
    .places = Dónde ha iniciado sesión
    .unknown = Dispositivo desconocido
    .here = Este navegador
    .since = Desde
    .end = Cerrar sesión allí

logout =
    .title = ¿Cerrar sesión?
    .what = Después, el próximo enlace a una reunión le pedirá que inicie sesión de nuevo.

relay =
    .title = Un momento
    .what = Se está completando su inicio de sesión.
    .onward = Le llevamos al inicio de sesión de su organización.
    .leaving = Se está completando el cierre de sesión.
    .next = Si no ocurre nada, continúe aquí.
    .action = Continuar

choose =
    .title = ¿Cómo quiere iniciar sesión?
    .what = Elija la cuenta que usa para esta reunión.

choose-idp =
    .title = ¿De qué institución viene?
    .what = Nombre de su universidad, instituto o empresa
    .action = Buscar
    .none = Ninguna institución coincide. Pruebe con otra parte del nombre.
    .more = Hay más. Escriba una parte del nombre para encontrar la suya.

guest =
    .title = ¿Cómo se llama?
    .what = Los demás participantes verán el nombre que escriba aquí.
    .action = Entrar como invitado
    .empty = Escriba primero un nombre.
    .long = Este nombre es demasiado largo. Puede tener 50 caracteres.
    .invisible = Este nombre contiene un carácter invisible. Escríbalo de nuevo.

pass =
    .title = Tiene una invitación a una reunión
    .early = La reunión aún no está abierta. Quédese en esta página y entrará en cuanto lo esté.
    .opens = Empieza
    .ends = Termina
    .room = ¿En qué reunión quiere entrar?
    .no-room = Esta invitación no es para esa reunión.
    .login = Esta invitación pide iniciar sesión, para saber quién entra.
    .log-in = Iniciar sesión y entrar
    .action = Entrar en la reunión
    .as = Entra como
    .calendar = Añadir al calendario
    .picture = Código QR de esta invitación

password =
    .title = Iniciar sesión
    .what = Use el nombre y la contraseña de la cuenta de su organización.
    .name = Nombre de usuario
    .secret = Contraseña
    .action = Iniciar sesión
    .empty = Escriba su nombre de usuario y su contraseña.
    .wrong = El nombre de usuario o la contraseña no es correcto. Tras muchos intentos, una cuenta puede quedar bloqueada un tiempo.
    .wait = Demasiados intentos. Espere { $minutes ->
        [one] un minuto
       *[other] { $minutes } minutos
    } e inténtelo de nuevo.
    .caps = El bloqueo de mayúsculas está activado.

no-page =
    .title = Aquí no hay ninguna página
    .what = Esta dirección no lleva a ninguna parte.
    .next = Vuelva a abrir el enlace de su reunión o pídaselo a quien le invitó.

wrong-method =
    .title = Eso no se puede hacer aquí
    .what = Esta dirección existe, pero no para lo que su navegador le ha pedido.
    .next = Vuelva a abrir el enlace de su reunión.

bad-request =
    .title = El enlace está dañado
    .what = En la dirección falta algo, o algo es demasiado largo o está repetido.
    .next = Vuelva a abrir el enlace de su reunión. Si le llegó en un mensaje, compruebe que lo ha copiado entero.

bad-room =
    .title = Este nombre de reunión no se puede usar
    .what = El nombre de la reunión contiene un carácter que no puede formar parte de él.
    .next = Pida otro enlace a quien le invitó, o elija un nombre de letras, cifras y guiones.

spaced-room =
    .title = Este nombre de reunión no se puede usar
    .what = El nombre de la reunión empieza o acaba con un espacio, o tiene dos seguidos.
    .next = Pida otro enlace a quien le invitó, o quite esos espacios.

empty-room =
    .title = El enlace no nombra ninguna reunión
    .what = Falta el nombre de la reunión al final de la dirección.
    .next = Compruebe que ha copiado el enlace entero o pídaselo a quien le invitó.

long-room =
    .title = Este nombre de reunión es demasiado largo
    .what = El nombre de una reunión no puede ser tan largo.
    .next = Pida otro enlace a quien le invitó, o elija un nombre más corto.

bad-settings =
    .title = El enlace está dañado
    .what = Los ajustes de la reunión que lleva el enlace no se pueden leer, o son demasiados.
    .next = Vuelva a abrir la reunión desde su propia página.

no-provider =
    .title = Este inicio de sesión no existe
    .what = El enlace pide una forma de iniciar sesión que aquí no se ofrece.
    .next = Vuelva a abrir el enlace de su reunión.

lost =
    .title = Su inicio de sesión se perdió por el camino
    .what = Ha vuelto, pero este navegador ya no tiene el inicio de sesión que empezó. Quizá ya se completó, o empezó en otra ventana u otro navegador.
    .next = Empiece de nuevo aquí y quédese en esta ventana hasta estar en la reunión.

lost-again =
    .title = Su navegador no conserva el inicio de sesión
    .what = El inicio de sesión se ha perdido dos veces seguidas, así que empezar de nuevo no bastará. La causa suele ser una de estas:
    .cookies = Las cookies están bloqueadas. Permítalas para este sitio; hace falta una hasta que esté en la reunión.
    .private = Una ventana privada o una extensión las borra. Pruebe en una ventana normal.
    .host = El inicio de sesión empezó con otra dirección. Mientras dura, la barra de direcciones debe mostrar la que figura abajo.
    .browser = El enlace se abrió dentro de otra aplicación. Ábralo en su navegador.
    .clock = El reloj de su dispositivo va mal. Póngalo en hora.
    .next = Después, vuelva a abrir el enlace de su reunión.

expired =
    .title = Ha tardado demasiado
    .what = Un inicio de sesión debe completarse en { $minutes ->
        [one] un minuto
       *[other] { $minutes } minutos
    }, y este no se completó.
    .next = No se ha perdido nada: empiece de nuevo aquí.

expired-again =
    .title = Ha vuelto a tardar demasiado
    .what = Dos inicios de sesión seguidos no se completaron a tiempo.
    .next = Cuando pueda iniciar sesión, vuelva a abrir el enlace de su reunión.

not-yours =
    .title = Esta respuesta es de otro inicio de sesión
    .what = Lo que ha llegado no corresponde a ningún inicio de sesión empezado en este navegador, así que no se ha usado.
    .next = Si siguió un enlace que alguien le envió, cierre esta página. Para entrar en una reunión, abra su propio enlace.

cancelled =
    .title = No se ha iniciado la sesión
    .what = El inicio de sesión se canceló o se rechazó.
    .next = Puede intentarlo de nuevo, con otra cuenta si la tiene.

not-admitted =
    .title = Esta cuenta no se acepta aquí
    .what = Ha iniciado sesión, pero solo se aceptan cuentas de ciertas organizaciones.
    .next = Inténtelo con la cuenta de su organización o pregunte a quien le invitó.

password-to-change =
    .title = Primero hay que cambiar su contraseña
    .what = Su contraseña es correcta, pero ha caducado o se le dio para que la cambie.
    .next = Cámbiela donde su organización lo permita e inténtelo de nuevo.

account-disabled =
    .title = Esta cuenta no se puede usar ahora
    .what = Su contraseña es correcta, pero la cuenta está desactivada, ha caducado o no vale a esta hora.
    .next = Pregunte a su administrador o inténtelo con otra cuenta.

untrusted =
    .title = No se pudo confirmar su inicio de sesión
    .what = La respuesta del servicio de inicio de sesión no superó todas las comprobaciones, así que no se ha usado.
    .next = Inténtelo de nuevo. Si vuelve a ocurrir, avise a su administrador.

turned-away =
    .title = El inicio de sesión está mal configurado
    .what = El servicio de inicio de sesión no conoce este sitio o no lo acepta. Usted no ha hecho nada mal.
    .next = Avise a su administrador; hasta que se arregle, intentarlo de nuevo no servirá.

sign-on-first =
    .title = Primero hace falta el acceso de su organización
    .what = Ha iniciado sesión, pero una organización solo muestra quién pertenece a ella después de su propio inicio de sesión único.
    .next = Inicie sesión en su organización en el servicio de acceso, permita allí el acceso a este sitio y vuelva a intentarlo.

too-many-calls =
    .title = Demasiados accesos en este momento
    .what = El servicio de acceso no acepta por ahora más peticiones de este sitio. Usted no ha hecho nada mal.
    .next = Espere unos minutos y vuelva a intentarlo.

provider-down =
    .title = El inicio de sesión no responde
    .what = No se puede contactar con el servicio de inicio de sesión, o no dio una respuesta válida. Usted no ha hecho nada mal.
    .next = Espere un minuto e inténtelo de nuevo.

refused =
    .title = No puede entrar en esta reunión
    .what = Ha iniciado sesión, pero esta cuenta no tiene acceso a esta reunión, o no a esta hora.
    .next = Pregunte a quien le invitó o inténtelo con otra cuenta.

closed =
    .title = Ahora nadie puede entrar en esta reunión
    .what = A esta hora, ningún inicio de sesión da acceso a esta reunión.
    .next = Compruebe el nombre y la hora de la reunión o pregunte a quien le invitó.

pass-unknown =
    .title = Esta invitación no existe
    .what = El enlace no lleva a ninguna invitación: puede faltarle una parte, o terminó hace tiempo.
    .next = Abra el enlace tal como lo recibió o pregunte a quien le invitó.

pass-late =
    .title = Esta invitación ha terminado
    .what = El tiempo para el que se hizo ya ha pasado.
    .next = Pida otra a quien le invitó.

pass-used-up =
    .title = Esta invitación está agotada
    .what = Ya han entrado con ella todos los previstos.
    .next = Vuelva al navegador con el que entró antes o pregunte a quien le invitó.

pass-withdrawn =
    .title = Esta invitación se ha retirado
    .what = Quien la hizo la ha anulado.
    .next = Pregunte a quien le invitó.

pass-wait =
    .title = Demasiadas invitaciones incorrectas
    .what = Desde su red se han abierto demasiados enlaces que no llevan a ninguna invitación.
    .next = Espere unos minutos y abra el enlace tal como lo recibió.

pass-down =
    .title = Ahora no se puede consultar su invitación
    .what = Lo que recordamos de las invitaciones no está disponible por el momento. Usted no ha hecho nada mal.
    .next = Espere un minuto y abra el enlace de nuevo.

no-sessions =
    .title = Ahora no se puede consultar su sesión
    .what = Lo que recordamos de las sesiones no está disponible por el momento. Aún puede entrar en las reuniones con su enlace, iniciando sesión cada vez.
    .next = Espere un minuto y vuelva a intentarlo.

not-recorded =
    .title = Por el momento no se puede dejar entrar a nadie
    .what = Se guarda un registro de cada entrada y ahora mismo no se puede escribir.
    .next = Espere un minuto e inténtelo de nuevo.

stale-form =
    .title = Esta página está desactualizada
    .what = Ha iniciado o cerrado sesión desde que se abrió, o la solicitud vino de otro sitio, así que no se hizo nada.
    .next = Vuelva atrás, cargue de nuevo la página e inténtelo otra vez.

broken =
    .title = Algo ha fallado por nuestra parte
    .what = Usted no ha hecho nada mal.
    .next = Inténtelo de nuevo. Si vuelve a ocurrir, avise a su administrador.
