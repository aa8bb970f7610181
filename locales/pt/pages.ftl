reference = Número de referência
reference-hint = Indique este número ao pedir ajuda.
meeting = Reunião
provider = Acesso
character = Não permitido
address = Endereço
try-again = Tentar de novo
start-again = Recomeçar
open-again = Abra de novo o link da sua reunião.
last-used = Usado da última vez
last-used-at = Última utilização
somebody-else = Entrar como outra pessoa
log-out = Sair
log-out-everywhere = Sair em todo o lado
down = Não responde neste momento
support = Precisa de ajuda?

landing =
    .title = A sua reunião está a um clique
    .what = Aqui inicia sessão para as videorreuniões da sua organização.
    .next = Abra o link da sua reunião; o resto acontece por si.
    .action = Ir para o site das reuniões

signed-in =
    .title = Tem sessão iniciada
    .what = A próxima ligação para uma reunião abre sem novo início de sessão.
    .places = Onde tem sessão iniciada
    .unknown = Dispositivo desconhecido
    .here = Este navegador
    .since = Desde
    .end = Sair aí

logout =
    .title = Sair?
    .what = Depois disso, a próxima ligação para uma reunião pede que inicie sessão de novo.

relay =
    .title = Um momento
    .what = O seu acesso está a ser concluído.
    .onward = Está a ser levado para o início de sessão da sua organização.
    .leaving = A terminar a sessão.
    .next = Se nada acontecer, continue aqui.
    .action = Continuar

choose =
    .title = Como quer iniciar sessão?
    .what = Escolha a conta que usa para esta reunião.

choose-idp =
    .title = De que instituição vem?
    .what = Nome da sua universidade, instituto ou empresa
    .action = Procurar
    .none = Nenhuma instituição corresponde. Experimente outra parte do nome.
    .more = Há mais. Escreva uma parte do nome para encontrar a sua.

guest =
    .title = Qual é o seu nome?
    .what = Os outros participantes verão o nome que escrever aqui.
    .action = Entrar como convidado
    .empty = Escreva primeiro um nome.
    .long = Este nome é demasiado longo. Pode ter 50 caracteres.
    .invisible = Este nome contém um carácter invisível. Escreva-o de novo.

pass =
    .title = Tem um convite para uma reunião
    .early = A reunião ainda não está aberta. Fique nesta página e entrará assim que estiver.
    .opens = Início
    .ends = Fim
    .room = Em que reunião quer entrar?
    .no-room = Este convite não é para essa reunião.
    .login = Este convite pede que inicie sessão, para se saber quem entra.
    .log-in = Iniciar sessão e entrar
    .action = Entrar na reunião
    .as = Entra como
    .calendar = Adicionar ao calendário
    .picture = Código QR deste convite

password =
    .title = Iniciar sessão
    .what = Use o nome e a palavra-passe da conta da sua organização.
    .name = Nome de utilizador
    .secret = Palavra-passe
    .action = Iniciar sessão
    .empty = Escreva o seu nome de utilizador e a sua palavra-passe.
    .wrong = O nome de utilizador ou a palavra-passe não está certo. Depois de muitas tentativas, uma conta pode ficar bloqueada algum tempo.
    .wait = Demasiadas tentativas. Espere { $minutes ->
        [one] um minuto
       *[other] { $minutes } minutos
    } e tente de novo.
    .caps = As maiúsculas estão bloqueadas.

no-page =
    .title = Não há nenhuma página aqui
    .what = Este endereço não leva a lado nenhum.
    .next = Abra de novo o link da sua reunião, ou peça-o a quem o convidou.

wrong-method =
    .title = Isso não é possível aqui
    .what = Este endereço existe, mas não para o que o seu navegador lhe pediu.
    .next = Abra de novo o link da sua reunião.

bad-request =
    .title = O link está danificado
    .what = Falta algo no endereço, ou algo é demasiado longo ou está repetido.
    .next = Abra de novo o link da sua reunião. Se veio numa mensagem, confirme que foi copiado por inteiro.

bad-room =
    .title = Este nome de reunião não pode ser usado
    .what = O nome da reunião tem um caractere que não pode fazer parte dele.
    .next = Peça outro link a quem o convidou, ou escolha um nome de letras, algarismos e hífenes.

spaced-room =
    .title = Este nome de reunião não pode ser usado
    .what = O nome da reunião começa ou acaba com um espaço, ou tem dois seguidos.
    .next = Peça outro link a quem o convidou, ou retire esses espaços.

empty-room =
    .title = O link não indica nenhuma reunião
    .what = Falta o nome da reunião no fim do endereço.
    .next = Confirme que o link foi copiado por inteiro, ou peça-o a quem o convidou.

long-room =
    .title = Este nome de reunião é demasiado longo
    .what = O nome de uma reunião não pode ser tão longo.
    .next = Peça outro link a quem o convidou, ou escolha um nome mais curto.

bad-settings =
    .title = O link está danificado
    .what = As definições da reunião no link não podem ser lidas, ou são demasiadas.
    .next = Abra de novo a reunião a partir da página dela.

no-provider =
    .title = Este acesso não existe
    .what = O link pede uma forma de iniciar sessão que não é oferecida aqui.
    .next = Abra de novo o link da sua reunião.

lost =
    .title = O seu acesso perdeu-se pelo caminho
    .what = Voltou, mas este navegador já não tem o acesso que começou. Talvez já tenha sido concluído, ou tenha começado noutra janela ou noutro navegador.
    .next = Recomece aqui e fique nesta janela até estar na reunião.

lost-again =
    .title = O seu navegador não guarda o acesso
    .what = O acesso perdeu-se duas vezes seguidas, por isso recomeçar não chega. A causa costuma ser uma destas:
    .cookies = Os cookies estão bloqueados. Permita-os neste site; é preciso um até estar na reunião.
    .private = Uma janela privada ou uma extensão apaga-os. Experimente numa janela normal.
    .host = O acesso começou noutro endereço. Durante o acesso, a barra de endereço tem de mostrar o que está abaixo.
    .browser = O link abriu-se dentro de outra aplicação. Abra-o antes no seu navegador.
    .clock = O relógio do seu dispositivo está errado. Acerte-o.
    .next = Depois abra de novo o link da sua reunião.

expired =
    .title = Demorou demasiado
    .what = Um acesso tem de ser concluído em { $minutes ->
        [one] um minuto
       *[other] { $minutes } minutos
    }, e este não foi.
    .next = Nada se perdeu: recomece aqui.

expired-again =
    .title = Demorou outra vez demasiado
    .what = Dois acessos seguidos não foram concluídos a tempo.
    .next = Quando puder iniciar sessão, abra de novo o link da sua reunião.

not-yours =
    .title = Esta resposta pertence a outro acesso
    .what = O que chegou não corresponde a nenhum acesso começado neste navegador, por isso não foi usado.
    .next = Se seguiu um link que alguém lhe enviou, feche esta página. Para entrar numa reunião, abra o link dela.

cancelled =
    .title = Não iniciou sessão
    .what = O acesso foi cancelado ou recusado.
    .next = Pode tentar de novo, com outra conta se tiver.

not-admitted =
    .title = Esta conta não é aceite aqui
    .what = Iniciou sessão, mas só são aceites contas de certas organizações.
    .next = Tente com a conta da sua organização, ou fale com quem o convidou.

password-to-change =
    .title = Primeiro é preciso mudar a sua palavra-passe
    .what = A sua palavra-passe está certa, mas expirou ou foi-lhe dada para ser mudada.
    .next = Mude-a onde a sua organização o permite e tente de novo.

account-disabled =
    .title = Esta conta não pode ser usada agora
    .what = A sua palavra-passe está certa, mas a conta está desativada, expirou ou não vale a esta hora.
    .next = Fale com o seu administrador, ou tente com outra conta.

untrusted =
    .title = Não foi possível confirmar o seu acesso
    .what = A resposta do serviço de acesso não passou em todas as verificações, por isso não foi usada.
    .next = Tente de novo. Se voltar a acontecer, avise o seu administrador.

turned-away =
    .title = O acesso está mal configurado
    .what = O serviço de acesso não conhece este site, ou não o aceita. Não fez nada de errado.
    .next = Avise o seu administrador; até estar resolvido, tentar de novo não ajuda.

sign-on-first =
    .title = Primeiro é preciso o início de sessão da sua organização
    .what = Iniciou sessão, mas uma organização só mostra quem lhe pertence depois do seu próprio início de sessão único.
    .next = Inicie sessão na sua organização no serviço de autenticação, autorize lá o acesso deste site e tente de novo.

too-many-calls =
    .title = Demasiados inícios de sessão neste momento
    .what = Por agora, o serviço de autenticação não aceita mais pedidos deste site. Não fez nada de errado.
    .next = Espere alguns minutos e tente de novo.

provider-down =
    .title = O acesso não responde
    .what = O serviço de acesso está inacessível, ou não deu uma resposta válida. Não fez nada de errado.
    .next = Espere um minuto e tente de novo.

refused =
    .title = Não pode entrar nesta reunião
    .what = Iniciou sessão, mas esta conta não tem acesso a esta reunião, ou não a esta hora.
    .next = Fale com quem o convidou, ou tente com outra conta.

closed =
    .title = Ninguém pode entrar nesta reunião agora
    .what = A esta hora, nenhum acesso leva a esta reunião.
    .next = Confirme o nome e a hora da reunião, ou fale com quem o convidou.

pass-unknown =
    .title = Este convite não existe
    .what = A ligação não leva a nenhum convite: pode faltar-lhe uma parte, ou terminou há muito.
    .next = Abra a ligação tal como a recebeu, ou fale com quem o convidou.

pass-late =
    .title = Este convite terminou
    .what = O tempo para que foi feito já passou.
    .next = Peça outro a quem o convidou.

pass-used-up =
    .title = Este convite está esgotado
    .what = Já entraram com ele tantos quantos estavam previstos.
    .next = Volte ao navegador com que entrou antes, ou fale com quem o convidou.

pass-withdrawn =
    .title = Este convite foi retirado
    .what = Quem o fez anulou-o.
    .next = Fale com quem o convidou.

pass-wait =
    .title = Demasiados convites errados
    .what = Da sua rede foram abertas demasiadas ligações que não levam a nenhum convite.
    .next = Espere alguns minutos e abra a ligação tal como a recebeu.

pass-down =
    .title = De momento não é possível consultar o seu convite
    .what = O que guardamos dos convites está temporariamente inacessível. Não fez nada de errado.
    .next = Espere um minuto e abra a ligação de novo.

no-sessions =
    .title = De momento não é possível consultar a sua sessão
    .what = O que guardamos das sessões está temporariamente inacessível. Ainda pode entrar nas reuniões pela ligação, iniciando sessão de cada vez.
    .next = Espere um minuto e tente de novo.

not-recorded =
    .title = De momento ninguém pode entrar
    .what = É guardado um registo de cada entrada e neste momento não é possível escrevê-lo.
    .next = Aguarde um minuto e tente novamente.

stale-form =
    .title = Esta página está desatualizada
    .what = Iniciou ou terminou sessão desde que foi aberta, ou o pedido veio de outro site, por isso nada foi feito.
    .next = Volte atrás, recarregue a página e tente mais uma vez.

broken =
    .title = Algo correu mal do nosso lado
    .what = Não fez nada de errado.
    .next = Tente de novo. Se voltar a acontecer, avise o seu administrador.
