using System.Text;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.SignIn;

namespace PgEdgeUsers.Core.Tests.Passwords;

public sealed class PasswordHashTests
{
    private const int LowCost = 4;

    private static readonly (byte[] Password, string Hash, bool Matches)[] Vectors = Interop.BcryptVectors();

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Vectors.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_password_matches_a_hash_exactly_if_the_server_says_so(int number)
    {
        var (bytes, hash, matches) = Vectors[number];
        string password;
        try
        {
            password = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            // Not UTF-8. It cannot be in a SecureString, whose text is UTF-16, and no client can send it as JSON.
            Assert.NotEqual(bytes, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes)));
            return;
        }

        Assert.Equal(matches, PasswordHash.Verify(Store.Secure(password), hash));
    }

    [Fact]
    public void A_new_hash_has_the_servers_version_and_cost()
    {
        var hash = PasswordHash.Create(Store.Secure("correct horse battery staple"));

        Assert.Matches(@"^\$2a\$12\$[./A-Za-z0-9]{53}\z", hash);
        Assert.True(PasswordHash.Verify(Store.Secure("correct horse battery staple"), hash));
    }

    [Fact]
    public void Each_hash_has_a_salt_of_its_own()
    {
        Assert.NotEqual(
            PasswordHash.Create(Store.Secure("same"), LowCost), PasswordHash.Create(Store.Secure("same"), LowCost));
    }

    public static TheoryData<string> Longest => new(new string('a', 72), string.Concat(Enumerable.Repeat("日", 24)),
        string.Concat(Enumerable.Repeat("😀", 18)), new string('é', 36));

    [Theory]
    [MemberData(nameof(Longest))]
    public void A_password_of_72_bytes_can_be_hashed_and_one_of_more_cannot(string longest)
    {
        var hash = PasswordHash.Create(Store.Secure(longest), LowCost);

        Assert.True(PasswordHash.Verify(Store.Secure(longest), hash));
        foreach (var more in new[] { "a", "日" })
        {
            var refusal = Assert.Throws<PgEdgeUsersException>(() =>
                PasswordHash.Create(Store.Secure(longest + more), LowCost));
            Assert.Equal(FailureKind.PasswordRejected, refusal.Kind);
            Assert.DoesNotContain(longest, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bytes_after_the_first_72_are_ignored_when_a_password_is_checked()
    {
        var hash = PasswordHash.Create(Store.Secure(new string('a', 72)), LowCost);

        Assert.True(PasswordHash.Verify(Store.Secure(new string('a', 72) + "anything"), hash));
        Assert.False(PasswordHash.Verify(Store.Secure(new string('a', 71) + "b"), hash));
    }

    [Fact]
    public void A_NUL_inside_is_part_of_the_key_and_the_key_is_cyclic()
    {
        var hash = PasswordHash.Create(Store.Secure("a\0b"), LowCost);

        Assert.True(PasswordHash.Verify(Store.Secure("a\0b"), hash));
        Assert.False(PasswordHash.Verify(Store.Secure("a\0c"), hash));
        Assert.False(PasswordHash.Verify(Store.Secure("a"), hash));
        Assert.True(PasswordHash.Verify(Store.Secure("a\0b\0a\0b"), hash));
    }

    [Fact]
    public void Spaces_at_the_ends_case_and_supplementary_characters_count()
    {
        var hash = PasswordHash.Create(Store.Secure(" Pass😀 "), LowCost);

        Assert.True(PasswordHash.Verify(Store.Secure(" Pass😀 "), hash));
        Assert.All(["Pass😀", " Pass😀", " pass😀 ", " Pass😁 ", ""],
        other => Assert.False(PasswordHash.Verify(Store.Secure(other), hash)));
    }

    [Theory]
    [InlineData("$2a$")]
    [InlineData("$2b$")]
    [InlineData("$2y$")]
    [InlineData("$2$")]
    public void All_versions_of_bcrypt_are_equivalent(string version)
    {
        var hash = version + PasswordHash.Create(Store.Secure("p"), LowCost)["$2a$".Length..];

        Assert.True(PasswordHash.Verify(Store.Secure("p"), hash));
        Assert.False(PasswordHash.Verify(Store.Secure("q"), hash));
    }

    [Theory]
    [InlineData("04")]
    [InlineData("31")]
    public void The_lowest_and_the_highest_cost_are_well_formed(string cost) =>
        Assert.True(PasswordHash.IsWellFormed($"$2a${cost}$BTZkVtZ6ky/AIy1rHtX1z.q/o7qc5umOWlh5OMk8AlZ4wvgkIAmPe"));

    public static TheoryData<string> Malformed
    {
        get
        {
            const string good = "$2a$04$BTZkVtZ6ky/AIy1rHtX1z.q/o7qc5umOWlh5OMk8AlZ4wvgkIAmPe";
            return new(
                "", " ", "x", "$", "$2a$", "$2a$04$", "plain text password", good[..^1], good + "x", good + "\n",
                "\n" + good, " " + good,
                good[1..], good.Replace("$2a$", "$3a$"), good.Replace("$2a$", "$1a$"), good.Replace(
                    "$2a$", "$2ab$"), good.Replace("$2a$", "$2é$"), good.Replace("$2a$", "$2$$"),
                good.Replace("$04$", "$03$"), good.Replace("$04$", "$32$"), good.Replace("$04$", "$99$"), good.Replace(
                    "$04$", "$4$"),
                good.Replace("$04$", "$0x$"), good.Replace("$04$", "$-4$"), good.Replace("$04$", "$٠٤$"), good.Replace(
                    'V', '='), good.Replace('V', '+'), good.Replace('V', 'é'), good.Replace('V', '\0'),
                new string('$', 60), new string('a', 60), new string('日', 60), good + good);
        }
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_hash_matches_no_password_and_does_not_fail(string hash)
    {
        Assert.False(PasswordHash.IsWellFormed(hash));
        Assert.All(["", "x", hash], password => Assert.False(PasswordHash.Verify(Store.Secure(password), hash)));
    }

    [Fact]
    public void The_substitute_for_a_missing_hash_takes_as_long_as_a_real_one()
    {
        Assert.True(PasswordHash.IsWellFormed(LocalSignIn.DecoyOf(PasswordHash.Cost)));
        Assert.Equal(PasswordHash.Cost, PasswordHash.CostOf(LocalSignIn.DecoyOf(PasswordHash.Cost)));
    }

    [Fact]
    public void Many_passwords_are_hashed_in_their_order_and_counted_on_the_calling_thread()
    {
        var progress = new List<(int Done, int Total, int Thread)>();
        var passwords = new[] { "first", null, "third" }.Select(text => text is null
            ? null
            : Store.Secure(text)).ToArray();

        var hashes = PasswordHasher.HashAll(passwords, (done, total) =>
            progress.Add((done, total, Environment.CurrentManagedThreadId)), default);

        var thread = Environment.CurrentManagedThreadId;
        Assert.Equal([(1, 2, thread), (2, 2, thread)], progress);
        Assert.Null(hashes[1]);
        Assert.All([0, 2], i => Assert.True(PasswordHash.Verify(passwords[i]!, hashes[i]!)));
    }

    [Fact]
    public void Hashing_that_is_cancelled_gives_no_hash()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() =>
            PasswordHasher.HashAll([Store.Secure("p")], null, cancelled.Token));
    }
}
