using System.Net;

namespace Suite.E2e.Tests.Registry;

/// <summary>A request body that stops in the middle until it is told to go on.</summary>
internal sealed class HalfSentContent(byte[] content, int half) : HttpContent
{
    private readonly TaskCompletionSource _halfSent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task HalfSent => _halfSent.Task;

    public void Release() => _release.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(content.AsMemory(0, half));
        await stream.FlushAsync();
        _halfSent.TrySetResult();
        await _release.Task;
        await stream.WriteAsync(content.AsMemory(half));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = content.Length;
        return true;
    }
}
