/** @file Making the kernel known to Jupyter, in the folders where its front ends look. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, posix, win32 } from "node:path";

/** Where a kernel is installed, and under which name. */
export interface KernelPlace {
  /** The name of its folder (default "nabla"). */
  readonly name?: string;
  /** Below this folder, such as that of a Python installation, instead of for the user. */
  readonly prefix?: string;
}

/** How a kernel is installed. */
export interface InstallKernelOptions extends KernelPlace {
  /** What front ends call it (default "TypeScript (Nabla)"). */
  readonly displayName?: string;
  /** The command that starts it, to which the connection file's name is added. */
  readonly command: readonly string[];
}

/** What the paths depend on. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** A kernel cannot be installed or removed as asked. */
export class KernelInstallError extends Error {
  override readonly name = "KernelInstallError";
}

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
  <rect width="64" height="64" rx="10" fill="#3178c6"/>
  <path d="M12 15h40L32 53z" fill="none" stroke="#fff" stroke-width="6" stroke-linejoin="round"/>
</svg>
`;

const here: Surroundings = { platform: process.platform, environment: process.env, home: homedir() };

/** The folder in which Jupyter keeps what belongs to the user. */
export function userDataFolder({ platform, environment, home }: Surroundings = here): string {
  const own = environment["JUPYTER_DATA_DIR"];
  if (own) return own;
  if (platform === "win32") {
    const data = environment["APPDATA"] || win32.join(home, "AppData", "Roaming");
    return win32.join(data, "jupyter");
  }
  if (platform === "darwin") return posix.join(home, "Library", "Jupyter");
  return posix.join(environment["XDG_DATA_HOME"] || posix.join(home, ".local", "share"), "jupyter");
}

/** The folder of the Python environment that is active. Throws KernelInstallError if none is. */
export function activeEnvironment({ environment }: Surroundings = here): string {
  const prefix = environment["VIRTUAL_ENV"] || environment["CONDA_PREFIX"];
  if (prefix) return prefix;
  throw new KernelInstallError(
    "no Python environment is active: neither VIRTUAL_ENV nor CONDA_PREFIX is set. Use --prefix DIR instead",
  );
}

/** The folder of a kernel. Throws KernelInstallError for a name that Jupyter does not allow. */
function kernelFolder({ name = "nabla", prefix }: KernelPlace): string {
  if (!/^[\w.-]+$/.test(name) || /^\.+$/.test(name)) {
    throw new KernelInstallError(
      `a kernel's name consists of letters, digits, dots, hyphens and underscores; got "${name}"`,
    );
  }
  const data = prefix === undefined ? userDataFolder() : join(prefix, "share", "jupyter");
  return join(data, "kernels", name);
}

/** Installs the kernel, and gives the folder it is in. */
export async function installKernel(options: InstallKernelOptions): Promise<string> {
  const folder = kernelFolder(options);
  const specification = {
    argv: [...options.command, "{connection_file}"],
    display_name: options.displayName ?? "TypeScript (Nabla)",
    language: "typescript",
    interrupt_mode: "message",
    kernel_protocol_version: "5.3",
    metadata: { debugger: false },
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "logo-svg.svg"), logo);
  await writeFile(join(folder, "kernel.json"), `${JSON.stringify(specification, null, 2)}\n`);
  return folder;
}

/** Removes a kernel that `installKernel` made, and gives the folder it was in. Throws KernelInstallError if there is none. */
export async function uninstallKernel(place: KernelPlace = {}): Promise<string> {
  const folder = kernelFolder(place);
  const text = await readFile(join(folder, "kernel.json"), "utf8").catch(() => null);
  if (text === null) throw new KernelInstallError(`no kernel is installed in ${folder}`);
  if (!isOurs(text)) throw new KernelInstallError(`the kernel in ${folder} is another one: it is left alone`);
  await rm(folder, { recursive: true });
  return folder;
}

function isOurs(specification: string): boolean {
  try {
    const { argv } = JSON.parse(specification) as { argv?: unknown };
    return Array.isArray(argv) && argv.slice(-3).join(" ") === "kernel start {connection_file}";
  } catch {
    return false;
  }
}
