using System.Security.Cryptography;

namespace PgEdgeUsers.Core;

/// <summary>
/// Bytes with a secret in them: a buffer that the garbage collector does not copy, overwritten on disposal.
/// </summary>
/// <param name="capacity">How many bytes there is room for.</param>
internal sealed class SecretBytes(int capacity) : IDisposable
{
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);

    /// <summary>How many bytes have been taken.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes that have been taken.</summary>
    public ReadOnlyMemory<byte> Content => _buffer.AsMemory(0, Length);

    /// <summary>The room that is left.</summary>
    public Memory<byte> Free => _buffer.AsMemory(Length);

    /// <summary>Takes what was written to the beginning of the free room.</summary>
    public void Advance(int count) => Length += count;

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_buffer.AsSpan(0, Length));
        Length = 0;
    }

    /// <summary>The secret is not shown, in any debugger or message.</summary>
    public override string ToString() => "(secret)";
}
