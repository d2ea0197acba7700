/** The package brings no types; this is what is used of it. */
declare module 'write-file-atomic' {
  export default function writeFileAtomic(
    path: string,
    data: string | Uint8Array,
    options: { readonly mode: number },
  ): Promise<void>;
}
