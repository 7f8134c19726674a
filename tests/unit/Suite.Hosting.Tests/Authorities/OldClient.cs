using System.Text;

namespace Suite.Hosting.Tests.Authorities;

/// <summary>The frames of a gRPC client that calls the server by the path of its socket.</summary>
internal static class OldClient
{
    private const byte EndStream = 0x1;
    private const byte EndHeaders = 0x4;

    public static byte[] Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    public static byte[] Settings => Frame(4, 0, 0, []);

    public static byte[] Headers(int stream, string authority) => Frame(1, EndHeaders, stream, Fields(authority));

    /// <summary>An empty message: five bytes of gRPC's own.</summary>
    public static byte[] Data(int stream) => Frame(0, EndStream, stream, [0, 0, 0, 0, 0]);

    public static byte[] Fields(string authority) =>
    [
        0x83, 0x86, // :method POST, :scheme http
        0x44, .. Text("/grpc.health.v1.Health/Check"),
        0x41, .. Text(authority),
        0x5f, .. Text("application/grpc"),
        0x40, .. Text("te"), .. Text("trailers"),
    ];

    public static byte[] Frame(byte type, byte flags, int stream, byte[] payload) =>
        [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, (byte)stream, .. payload];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
