using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.Accounts;

public sealed class AccountFieldTests
{
    private static readonly UserAccount Full = new("alice")
    {
        DisplayName = "Alice",
        PasswordHash = Sample.Hash,
        CreatedAt = new DateTime(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        LastLogin = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        Enabled = true,
        Annotation = "a: b",
        FailedAttempts = 3,
    };

    [Fact]
    public void The_fields_have_the_servers_keys_in_its_order()
    {
        Assert.Equal(
            ["username", "password_hash", "created_at", "last_login", "enabled", "annotation", "failed_attempts"],
            AccountField.All.Select(field => field.Key));
        Assert.All(AccountField.All, field => Assert.Same(field, AccountField.All[field.Index]));
        Assert.All(AccountField.All, field => Assert.Same(field, AccountField.Find(field.Key)));
        Assert.Null(AccountField.Find("Enabled"));
    }

    [Fact]
    public void The_fields_make_up_the_whole_account()
    {
        Assert.Equal(Full, AccountField.All.Aggregate(new UserAccount("alice"), (account, field) =>
            field.With(account, field.Get(Full))));
        Assert.Equal(Full,
            AccountField.All.Aggregate(new UserAccount("alice"), (account, field) => field.WithValueOf(Full, account)));
        Assert.All(AccountField.All, field => Assert.False(field.IsEqual(Full, new UserAccount("alice"))));
        Assert.All(AccountField.All, field => Assert.True(field.IsEqual(Full, Full with { Name = "bob" })));
        Assert.All(AccountField.All, field => Assert.True(
            field.Get(Full)!.GetType() == (Nullable.GetUnderlyingType(field.ValueType) ?? field.ValueType)));
    }

    [Fact]
    public void A_written_value_is_read_back_unchanged()
    {
        foreach (var account in new[] { Full, new UserAccount("alice") })
        {
            var lines = AccountField.All.Select(field => $"        {field.WritePair(account)}\n");

            Assert.Equal(account, Assert.Single(Store.Read("users:\n    alice:\n" + string.Concat(lines)).Users()));
        }
    }

    [Fact]
    public void The_first_of_all_times_means_that_the_server_has_none()
    {
        var account = Full with { };

        Assert.True(AccountField.CreatedAt.TryRead("0001-01-01T00:00:00Z", isPlain: true, account));
        Assert.Null(account.CreatedAt);
    }
}
