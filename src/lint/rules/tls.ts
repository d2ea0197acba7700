import { calleeOf, detailOf, firstLine, functionAround, functionText } from '../place.ts';
import type { LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import type { Site } from '../../types/syntax.ts';

/** What switches verification off, when called with `true` or with `false`. */
const BY_TRUE = [
  'danger_accept_invalid_certs',
  'danger_accept_invalid_hostnames',
  'accept_invalid_certs',
  'accept_invalid_hostnames',
];
const BY_FALSE = [
  'ssl_verify_peer',
  'ssl_verify_host',
  'verify_hostname',
  'set_verify_hostname',
  'use_server_name_indication_check',
];

const SERVER = /Acceptor|set_private_key|SslMethod::tls_server|certificate_chain/;

function switchedBy(value: string): SiteCheck {
  const written = new RegExp(`^\\(\\s*${value}\\s*\\)$`);
  return (file, site) =>
    written.test(detailOf(file, site)) && !isChosen(file, site)
      ? off(file, site, `${site.name}(${value})`)
      : null;
}

/** OpenSSL's `set_verify(SslVerifyMode::NONE)`. */
const mode: SiteCheck = (file, site) => {
  if (!/SslVerifyMode::NONE\b|\bSSL_VERIFY_NONE\b/.test(detailOf(file, site))) return null;
  // A server that asks its clients for no certificate is what servers are.
  if (SERVER.test(functionText(file, site)) || isChosen(file, site)) return null;
  return off(file, site, 'SslVerifyMode::NONE');
};

/** Whether it stands under a condition that speaks of it: `if self.accept_invalid_certs {`. */
function isChosen({ text }: LintFile, { start }: Site): boolean {
  return /\bif\b[^{};]*(?:accept|danger|insecure|invalid|verif|skip|trust|self_signed)[^{};]*\{[^{}]*$/i.test(
    text.slice(Math.max(0, start - 200), start),
  );
}

/** A rustls verifier that says yes without looking: its whole body is the assertion. */
const asserted: SiteCheck = (file, site) => {
  if (!calleeOf(file, site).endsWith('ServerCertVerified::assertion')) return null;
  const body = functionAround(file, site)?.body;
  if (body === undefined || body === null) return null;
  const code = file.text
    .slice(body.start, body.end)
    .replace(/\/\/[^\n]*/g, '')
    .replace(/\s+/g, '');
  return /^\{(?:return)?Ok\((?:\w+::)*ServerCertVerified::assertion\(\)\);?\}$/.test(code)
    ? off(file, site, 'a verifier that accepts any certificate')
    : null;
};

function off(file: LintFile, site: Site, how: string): ReturnType<SiteCheck> {
  const name = site.detail - site.name.length;
  return {
    rule: 'tls-verification-off',
    // A test's own server has the certificate that the test made; an example is copied.
    ships: file.role !== 'example',
    ...firstLine(file, { ...site, start: Math.max(site.start, name) }),
    title: `TLS verification off: ${how}`,
    message:
      'Whoever sits between the two ends can read and change everything: the certificate is not checked.',
    suggestion:
      'Trust the certificate that is meant: add it as a root (`add_root_certificate`, a `RootCertStore`).',
  };
}

export const tlsChecks: SiteChecks = {
  calls: {
    ...Object.fromEntries(BY_TRUE.map((name) => [name, switchedBy('true')])),
    ...Object.fromEntries(BY_FALSE.map((name) => [name, switchedBy('false')])),
    set_verify: mode,
    set_verify_callback: mode,
    assertion: asserted,
  },
};
