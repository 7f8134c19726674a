using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Suite.Runtime.Exec.Wire;
using Suite.Testing.Requirements;
using Suite.Testing.Services;

namespace Suite.Root.Tests.Oci;

public sealed class ConsoleTests
{
    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void The_terminal_goes_to_the_console_socket_with_its_size()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var path = rig.Folder.Path("console");
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var spec = rig.Spec("sh", "-c", "test -t 0 && stty size && echo console: $(ls /dev/console)");
        rig.Create(spec with { Process = spec.Process! with { Terminal = true, ConsoleSize = new() { Height = 33, Width = 77 } } }, "one", "--console-socket", path);

        using var connection = listener.Accept();
        var descriptors = new int[FdMessage.MaxDescriptors];
        FdMessage.Receive((int)connection.Handle, new byte[64], descriptors, out var count);
        Assert.Equal(1, count);
        using var master = new FileStream(new SafeFileHandle(descriptors[0], ownsHandle: true), FileAccess.Read, bufferSize: 0);
        rig.Ok("start", rig.Id("one"));
        Assert.Equal("33 77\r\nconsole: /dev/console\r\n", ReadToHangUp(master));
    }

    [RootFact(Needs = Need.Executables | Need.Busybox)]
    public void Run_carries_a_terminal_itself()
    {
        using var rig = new OciRig(InstanceName.OfCaller());
        var spec = rig.Spec("sh", "-c", "test -t 1 && echo on a terminal; exit 4");
        rig.Write(spec with { Process = spec.Process! with { Terminal = true } });
        var answer = rig.Call("run", "--bundle", rig.Bundle, rig.Id("one"));
        Assert.Equal(new Answer(4, "on a terminal\r\n", ""), answer);
    }

    // A master says EIO when nobody has the other side any more.
    private static string ReadToHangUp(FileStream master)
    {
        var text = new StringBuilder();
        var buffer = new byte[256];
        try
        {
            int count;
            while ((count = master.Read(buffer)) > 0)
                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
        catch (IOException)
        {
        }

        return text.ToString();
    }
}
