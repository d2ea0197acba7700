import type { AnalyzeContext } from '../pipeline/analyze.ts';
import type { Options } from './command.ts';
import type { View } from './view.ts';

export async function printPlan(_context: AnalyzeContext, _request: unknown, _options: Options, _view: View): Promise<number> {
  return 2;
}
