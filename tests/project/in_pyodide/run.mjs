// node run.mjs RUNTIME CODE: let program.py, in the folder CODE, run in Pyodide.
// RUNTIME is Pyodide with its packages; CODE also holds what the program imports.
import { pathToFileURL } from "node:url";

const PACKAGES = ["numpy", "matplotlib", "ipython", "threadpoolctl"];
const PROGRAM = `
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, "/code")
import program
await program.main()
`;
const [runtime, code] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${runtime}/pyodide.mjs`));
const pyodide = await loadPyodide({
  indexURL: `${runtime}/`,
  stdout: (line) => console.log(line),
  stderr: () => {},
  env: { HOME: "/home/pyodide", MPLCONFIGDIR: "/code/matplotlib" },
});
await pyodide.loadPackage(PACKAGES, { messageCallback: () => {} });
pyodide.mountNodeFS("/code", code);
try {
  await pyodide.runPythonAsync(PROGRAM);
} catch (error) { // its message is Python's traceback
  console.error(error.message);
  process.exit(1);
}
