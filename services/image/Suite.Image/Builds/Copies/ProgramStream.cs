using System.ComponentModel;
using System.Diagnostics;
using Suite.Image.Graph.Compression;
using Suite.Linux.Errors;

namespace Suite.Image.Builds.Copies;

/// <summary>What a program of the machine makes of a compressed stream: xz and bzip2 are rare enough not to be part of the service.</summary>
internal sealed class ProgramStream : ReadOnlyStream
{
    private readonly Process _process;
    private readonly Task _feeding;

    public ProgramStream(string program, Stream compressed)
    {
        try
        {
            _process = Process.Start(new ProcessStartInfo(program, ["-d", "-c", "-q"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception e)
        {
            throw new SuiteException(ErrorKind.FailedPrecondition, $"The archive is compressed with {program}, and there is no program {program} on this machine: install it.", e);
        }

        _feeding = Task.Run(() => Feed(compressed));
    }

    public override int Read(Span<byte> buffer)
    {
        var read = _process.StandardOutput.BaseStream.Read(buffer);
        if (read > 0) return read;
        _process.WaitForExit();
        return _process.ExitCode == 0 ? 0 : throw new InvalidDataException($"{_process.StartInfo.FileName} ended with {_process.ExitCode}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (!_process.HasExited) _process.Kill();
            _feeding.Wait();
            _process.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Feed(Stream compressed)
    {
        try
        {
            compressed.CopyTo(_process.StandardInput.BaseStream);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended: its exit code says why.
        }
    }
}
