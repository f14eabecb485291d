using System.Text.Json;

namespace PgEdgeUsers.Stress.Server;

/// <summary>Tools of the test server.</summary>
internal static class McpTools
{
    public static Answer List { get; } = Answers.Rpc(new
    {
        tools = new object[]
        {
            new
            {
                name = "query_database",
                description = "Execute a SQL query.\n\nAll queries run in read-only transactions.",
                inputSchema = new
                {
                    type = "object",
                    properties = new
                    {
                        query = new { type = "string", description = "SQL query to execute against the database." },
                        limit = new { type = "integer", description = "Maximum number of rows to return." },
                    },
                    required = new[] { "query" },
                },
            },
            new { name = "list_tables", description = "Lists tables, as JSON.",
                inputSchema = new { type = "object", properties = new { } } },
            new
            {
                name = "echo",
                description = "Returns its arguments, as JSON.",
                inputSchema = new { type = "object", properties = new Dictionary<string,
                    object> { ["text"] = new { }, ["odd-name"] = new { } } },
            },
        },
    });

    /// <param name="call">The name of the tool and its arguments.</param>
    public static Answer Call(JsonElement call)
    {
        var arguments = call.GetProperty("arguments");
        return call.GetProperty("name").GetString() switch
        {
            "query_database" => Query(arguments),
            "list_tables" =>
                Answers.ToolResult(new[] { new { name = "orders", rows = 12 }, new { name = "users", rows = 3 } }),
            "echo" => Answers.ToolResult(arguments.GetRawText()),
            var name => Answers.ToolFailure($"Tool not found: {name}"),
        };
    }

    private static Answer Query(JsonElement arguments)
    {
        if (!arguments.TryGetProperty("query", out var query) || query.ValueKind != JsonValueKind.String)
            return Answers.ToolFailure("Missing or invalid 'query' parameter");
        return query.GetString() == "select 1"
            ? Answers.ToolResult("SQL Query:\nselect 1\n\nResults (1 rows):\n?column?\n1")
            : Answers.ToolFailure(
                $"SQL Query:\n{query.GetString()}\n\nError executing query: ERROR: syntax error (SQLSTATE 42601)");
    }
}
