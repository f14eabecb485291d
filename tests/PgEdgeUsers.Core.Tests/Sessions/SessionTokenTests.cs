using PgEdgeUsers.Core.Sessions;

namespace PgEdgeUsers.Core.Tests.Sessions;

public sealed class SessionTokenTests
{
    [Fact]
    public void A_token_is_32_random_bytes_in_base64url_with_padding()
    {
        var tokens = Enumerable.Range(0, 2000).Select(_ => Store.Text(SessionToken.Create())).ToArray();

        Assert.All(tokens, token => Assert.Matches("^[-_A-Za-z0-9]{43}=$", token));
        Assert.All(tokens, token => Assert.Equal(
            SessionToken.Bytes, Convert.FromBase64String(token.Replace('-', '+').Replace('_', '/')).Length));
        Assert.Equal(tokens.Length, tokens.Distinct().Count());
        Assert.Equal(64, tokens.SelectMany(token => token[..^2]).Distinct().Count());
    }

    [Fact]
    public void A_token_cannot_be_changed() => Assert.True(SessionToken.Create().IsReadOnly());
}
