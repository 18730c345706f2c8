/** Vite: the address under which a file is served. */
declare module '*?url' {
  const url: string;
  export { url as default };
}

/** Vite: the text of a file. */
declare module '*?raw' {
  const text: string;
  export { text as default };
}
