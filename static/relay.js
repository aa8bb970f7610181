// Sends the answer of the login on by itself; without JavaScript the page's own button does.
document.forms[0].submit();
