namespace PgEdgeUsers.Core.Yaml;

/// <summary>Returns the tokens of a text one by one.</summary>
internal abstract class TokenSource
{
    private Token[] _tokens = new Token[8];
    private int _next;
    private int _count;

    /// <summary>The next token, which is valid until the next call. <see cref="TokenKind.End" /> is the last.</summary>
    public ref readonly Token Next()
    {
        while (_next == _count)
        {
            _next = _count = 0;
            ReadMore();
        }

        return ref _tokens[_next++];
    }

    /// <summary>Adds the next tokens, if any. It is called repeatedly until it has added some.</summary>
    protected abstract void ReadMore();

    protected void Add(in Token token)
    {
        if (_count == _tokens.Length)
            Array.Resize(ref _tokens, 2 * _count);
        _tokens[_count++] = token;
    }
}
