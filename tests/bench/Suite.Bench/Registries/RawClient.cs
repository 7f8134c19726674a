using System.Net.Sockets;
using System.Text;
using Suite.Linux.Errors;

namespace Suite.Bench.Registries;

/// <summary>
/// HTTP/1.1 on a socket and nothing else, so that what is measured is the server: on a machine with two processors a client with layers of
/// its own would take from it.
/// </summary>
internal sealed class RawClient : IDisposable
{
    private const int BufferSize = 256 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly string _host;
    private int _start, _end;

    public RawClient(int port)
    {
        _host = $"127.0.0.1:{port}";
        _socket.Connect("127.0.0.1", port);
    }

    /// <summary>Sends a request and reads the answer to its end, throwing the body away.</summary>
    /// <returns>Status, Location and the length of the body.</returns>
    public (int Status, string? Location, long Length) Send(string method, string path, ReadOnlySpan<byte> first = default, ReadOnlySpan<byte> rest = default, string headers = "")
    {
        var head = $"{method} {path} HTTP/1.1\r\nHost: {_host}\r\n{headers}{(method is "GET" ? "" : $"Content-Length: {first.Length + rest.Length}\r\n")}\r\n";
        SendAll(Encoding.ASCII.GetBytes(head));
        SendAll(first);
        SendAll(rest);
        return Receive(method == "HEAD");
    }

    /// <summary>Sends a body of any length from one piece, again and again.</summary>
    public (int Status, string? Location, long Length) SendRepeated(string method, string path, byte[] piece, long length)
    {
        SendAll(Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: {_host}\r\nContent-Length: {length}\r\n\r\n"));
        for (long sent = 0; sent < length; sent += piece.Length)
            SendAll(piece.AsSpan(0, (int)Math.Min(piece.Length, length - sent)));
        return Receive(false);
    }

    public void Dispose() => _socket.Dispose();

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[_socket.Send(bytes)..];
    }

    private (int Status, string? Location, long Length) Receive(bool bodiless)
    {
        int end;
        while ((end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
            Fill();
        var lines = Encoding.ASCII.GetString(_buffer, _start, end).Split("\r\n");
        _start += end + 4;
        var status = int.Parse(lines[0].AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
        string? Header(string name) => lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.OrdinalIgnoreCase))?[name.Length..].Trim();
        var length = Header("Content-Length:") is { } text && !bodiless ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0;
        if (Header("Transfer-Encoding:") is not null)
            throw new SuiteException(ErrorKind.Unsupported, $"the server answers in chunks, which this client does not read: {lines[0]}");
        for (var left = length; left > 0;)
        {
            if (_start == _end)
                Fill();
            var taken = (int)Math.Min(left, _end - _start);
            _start += taken;
            left -= taken;
        }

        return (status, Header("Location:"), length);
    }

    private void Fill()
    {
        if (_start == _end)
            (_start, _end) = (0, 0);
        var read = _socket.Receive(_buffer.AsSpan(_end));
        _end += read > 0 ? read : throw new SuiteException(ErrorKind.Unavailable, "the server closed the connection");
    }
}
