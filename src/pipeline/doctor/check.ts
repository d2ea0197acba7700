import type { Check } from '../../report/doctor.ts';

export function ok(name: string, message: string): Check {
  return { name, status: 'ok', message, hint: '' };
}

export function warn(name: string, message: string, hint: string): Check {
  return { name, status: 'warn', message, hint };
}

export function fail(name: string, message: string, hint: string): Check {
  return { name, status: 'fail', message, hint };
}
