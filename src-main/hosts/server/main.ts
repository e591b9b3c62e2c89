/** `node out/main/server.js [--port N] [--data-dir FOLDER]` is `millrace serve`: one door, the same options, the same refusals. */
process.argv.splice(2, 0, 'serve');
void import('../cli/main.ts');
