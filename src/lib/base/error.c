/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tocsin/base/error.h>
#include <tocsin/base/utf8.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

/* NUL-terminates n bytes that vsnprintf wanted to write, cut at a character border. */
static void cut(char *text, size_t size, int n)
{
	if (n < 0)
		n = 0;
	if ((size_t)n >= size)
		text[utf8_cut((struct slice){text, size - 1}, size - 2).n] = '\0';
	else
		text[n] = '\0';
}

int error_set(struct error *e, int code, const char *format, ...)
{
	if (!e)
		return code;
	struct error made; /* the arguments may point into *e */
	va_list ap;
	va_start(ap, format);
	int n = vsnprintf(made.text, sizeof(made.text), format, ap);
	va_end(ap);
	cut(made.text, sizeof(made.text), n);
	if (made.text[0] == '\0')
		snprintf(made.text, sizeof(made.text), "%s",
			code < 0 ? error_reason(code) : "erreur");
	memcpy(e->text, made.text, strlen(made.text) + 1);
	return code;
}

void error_prefix(struct error *e, const char *format, ...)
{
	if (!e)
		return;
	struct error prefix, old = *e;
	va_list ap;
	va_start(ap, format);
	int n = vsnprintf(prefix.text, sizeof(prefix.text), format, ap);
	va_end(ap);
	cut(prefix.text, sizeof(prefix.text), n);
	error_set(e, 0, "%s: %s", prefix.text, old.text);
}

const char *error_reason(int code)
{
	switch (-code) {
	case ENOENT: return "introuvable";
	case EACCES:
	case EPERM: return "accès refusé";
	case EEXIST: return "existe déjà";
	case ENOTDIR: return "ce n'est pas un dossier";
	case EISDIR: return "c'est un dossier";
	case ENOTEMPTY: return "dossier non vide";
	case ENOSPC: return "disque plein";
	case EDQUOT: return "quota de disque atteint";
	case EROFS: return "disque en lecture seule";
	case EIO: return "erreur d'entrée-sortie";
	case EFBIG: return "trop gros";
	case EINVAL: return "valeur refusée";
	case EMFILE:
	case ENFILE: return "trop de fichiers ouverts";
	case ENOMEM: return "mémoire insuffisante";
	case ENOEXEC: return "ce n'est pas un programme";
	case ELOOP: return "liens symboliques en boucle";
	case ENAMETOOLONG: return "nom trop long";
	case ETXTBSY: return "programme en cours d'écriture";
	case EADDRINUSE: return "adresse déjà prise";
	case ECONNREFUSED: return "connexion refusée";
	case ETIMEDOUT: return "délai dépassé";
	case EPIPE: return "l'autre bout est fermé";
	default: return strerror(-code);
	}
}
