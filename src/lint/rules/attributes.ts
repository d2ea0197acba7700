import type { FileCheck, Hit, SiteCheck, SiteChecks } from '../rule.ts';
import { commentBeside, commentsAbove, lineEnd, lineStart } from '../text.ts';
import { firstLine } from '../place.ts';

/** Lints of the compiler and of clippy that stand for undefined behaviour or its neighbourhood. */
const GUARDS =
  /\b(?:static_mut_refs|invalid_value|invalid_reference_casting|cast_ref_to_mut|mutable_transmutes|deref_nullptr|useless_ptr_null_checks|undropped_manually_drops|unsafe_op_in_unsafe_fn|dangling_pointers_from_temporaries|invalid_from_utf8_unchecked|clippy::(?:not_unsafe_ptr_arg_deref|uninit_vec|uninit_assumed_init|mut_from_ref|cast_ptr_alignment|cast_ref_to_mut|transmute_ptr_to_ptr|transmuting_null|missing_transmute_annotations|missing_safety_doc|undocumented_unsafe_blocks|unsound_collection_transmute|non_send_fields_in_send_ty|arc_with_non_send_sync|await_holding_lock|await_holding_refcell_ref|zst_offset|size_of_in_element_count|eager_transmute|as_ptr_cast_mut|borrow_as_ptr|macro_metavars_in_unsafe|mem_replace_with_uninit|drop_non_drop|forget_non_drop))\b/;
const ALLOW_AT = /#!?\[(?:allow|cfg_attr\([^\]]{1,200}?\ballow)\s*\(([^\]]{1,600}?)\)\s*\)?\]/g;

/** `#[allow(static_mut_refs)]` without a word on why. */
export const allowHits: FileCheck = ({ text }) => {
  if (!text.includes('allow(')) return [];
  const hits: Hit[] = [];
  for (const match of text.matchAll(ALLOW_AT)) {
    const lint = GUARDS.exec(match[1] ?? '')?.[0];
    if (lint === undefined || /\breason\s*=/.test(match[1] ?? '') || isAnnotated(match[1] ?? '', lint))
      continue;
    const start = match.index;
    const end = start + match[0].length;
    if (/\/\/|\*/.test(text.slice(lineStart(text, start), start))) continue;
    if (commentsAbove(text, start) !== '' || commentBeside(text, end) !== '') continue;
    hits.push({
      rule: 'allowed-safety-lint',
      start,
      end: Math.min(end, lineEnd(text, start)),
      title: `${lint} switched off`,
      message: `What \`${lint}\` would tell about memory safety is not told here, now or after any later edit.`,
      suggestion: 'Mend what it points at; else narrow the attribute to the one item and give it a reason.',
    });
  }
  return hits;
};

/** In a list of many lints, a comment at the end of this one's line. */
function isAnnotated(list: string, lint: string): boolean {
  return commentBeside(list, list.indexOf(lint)) !== '';
}

/** `unsafe` in a build script, `set_var` apart, which is unsafe by its name alone. */
const buildScript: SiteCheck = (file, site) => {
  if (file.role !== 'build') return null;
  const block = file.text.slice(site.start, Math.min(site.end, site.start + 400));
  if (
    /^unsafe\s*\{\s*(?:\/\/[^\n]*\s*)*(?:std::)?(?:env::)?(?:set_var|remove_var)\([^;]*;?\s*\}$/.test(block)
  )
    return null;
  return {
    rule: 'unsafe-in-build-script',
    ...firstLine(file, site),
    message:
      'A build script runs with the rights of whoever builds, on every machine that builds a dependent: undefined behaviour there is theirs.',
    suggestion: 'Use a safe wrapper (`std::process`, `std::env`, the `cc` or `pkg-config` crates).',
  };
};

export const attributeChecks: SiteChecks = { kinds: { 'unsafe-block': buildScript } };
