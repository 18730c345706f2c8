/** The bundler answers such an import with the file's URL. */
declare module '*?url' {
  const url: string;
  // oxlint-disable-next-line import/no-default-export -- the bundler's form
  export default url;
}
