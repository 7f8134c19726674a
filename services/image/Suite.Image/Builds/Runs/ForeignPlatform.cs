using Suite.Image.Builds.Dockerfiles;
using Suite.Linux.Errors;
using Suite.Oci.Images;

namespace Suite.Image.Builds.Runs;

/// <summary>Commands of another processor run only where the kernel knows an emulator for them (binfmt_misc).</summary>
internal static class ForeignPlatform
{
    private const string Interpreters = "/proc/sys/fs/binfmt_misc";

    public static void Check(Instruction i, Platform platform)
    {
        if (Platform.Current.Accepts(platform) || (platform.Architecture, Platform.Current.Architecture) == ("386", "amd64") || (platform.Architecture == Platform.Current.Architecture && platform.Os == "linux")) return;
        var name = platform.Architecture switch { "arm64" => "aarch64", "amd64" => "x86_64", "386" => "i386", var other => other };
        if (Directory.Exists(Interpreters) && Directory.EnumerateFiles(Interpreters).Any(f => Path.GetFileName(f).EndsWith("-" + name, StringComparison.Ordinal))) return;
        throw i.Failed(
            ErrorKind.Unsupported, $"RUN is for {platform}, and this machine is {Platform.Current}: its kernel has no emulator registered (binfmt_misc). Install qemu-user-static, or build on a machine of that kind.");
    }
}
