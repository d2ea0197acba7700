/** What the types of Node leave out, as far as it is used here. */
declare namespace WebAssembly {
  /** Compiles aside. Rejects where it is no module. */
  function compile(bytes: Uint8Array): Promise<Module>;

  class Instance {
    constructor(module: Module, imports: object);
  }
}
