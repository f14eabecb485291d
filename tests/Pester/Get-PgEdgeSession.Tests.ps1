# Get-PgEdgeSession: the sessions of a user file that count.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $alice = New-Login alice
    $bob = New-Login bob
}

Describe 'Get-PgEdgeSession' {
    BeforeEach {
        $file = New-UserFile
        $opened = $alice, $bob, $alice | New-PgEdgeSession -Path $file
    }

    It 'lists sessions in the order of their beginning, without their tokens' {
        $sessions = Get-PgEdgeSession -Path $file

        $expected = $opened
        $sessions.Username | Should -Be alice, bob, alice
        $sessions.Id | Should -Be $expected.Id
        $sessions.Path | Should -Be $file, $file, $file
        $sessions.IssuedAt | Should -Be $expected.IssuedAt
        $sessions.ExpiresAt | Should -Be $expected.ExpiresAt
        $sessions.Id | Should -MatchExactly '^[0-9a-f]{8}$'
        $sessions.Token | Where-Object { $null -ne $_ } | Should -BeNullOrEmpty
    }

    It 'selects by user: <Command>' -ForEach @(
        @{ Command = { Get-PgEdgeSession alice -Path $file }; Users = 'alice', 'alice' }
        @{ Command = { Get-PgEdgeSession A* -Path $file }; Users = 'alice', 'alice' }
        @{ Command = { Get-PgEdgeSession -Name alice, bob -Path $file }; Users = 'alice', 'bob', 'alice' }
        @{ Command = { 'bob' | Get-PgEdgeSession -Path $file }; Users = 'bob' }
        @{ Command = { Get-PgEdgeUser b* -Path $file | Get-PgEdgeSession }; Users = 'bob' }
        @{ Command = { Get-PgEdgeSession charlie -Path $file }; Users = @() }
        @{ Command = { Get-PgEdgeSession z* -Path $file }; Users = @() }
    ) {
        $result = Invoke-Script $Command

        $result.Output.Username | Should -Be $Users
        $result.Errors | Should -BeNullOrEmpty
    }

    It 'reports a name that no user has and goes on' {
        $result = Invoke-Script { Get-PgEdgeSession Alice, alice -Path $file }

        $result.Output.Username | Should -Be alice, alice
        $result.Failures | Should -Be 'UserNotFound: Alice'
        $result.Errors.CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'lists sessions that begin while the pipeline runs' {
        $empty = New-UserFile

        ($alice, $bob | New-PgEdgeSession -Path $empty | Get-PgEdgeSession -Path $empty).Username |
            Should -Be alice, bob
    }

    It 'lists no session of an account whose <_> another program has changed' -ForEach 'enabled', 'password_hash' {
        Edit-UserFile $file "$($_): $(Get-Field $file alice $_)" "$($_): $(Get-Field $file charlie $_)"

        (Get-PgEdgeSession alice -Path $file) | Should -BeNullOrEmpty
    }

    It 'lists no session that has expired' {
        $short = New-PgEdgeSession $bob -Lifetime ([timespan]::FromMilliseconds(1)) -Path $file
        while (-not $short.IsExpired) { }

        (Get-PgEdgeSession bob -Path $file).Id | Should -Be $opened[1].Id
    }

    It 'fails if the sessions file is damaged, and says what to do' {
        Set-Content "$file.sessions.json" '{"version":1,"sess'

        $failure = (Invoke-Script { Get-PgEdgeSession -Path $file }).Errors

        $failure.FullyQualifiedErrorId | Should -Be 'SessionFileInvalid,PgEdgeUsers.Commands.GetPgEdgeSessionCommand'
        $failure.CategoryInfo.Category | Should -Be InvalidData
        "$failure" | Should -Match 'Remove it'
    }

    It 'fails if there is no user file' {
        $failure = (Invoke-Script { Get-PgEdgeSession -Path $TestDrive/no.yaml }).Errors

        $failure.FullyQualifiedErrorId | Should -Be 'UserFileNotFound,PgEdgeUsers.Commands.GetPgEdgeSessionCommand'
        $failure.CategoryInfo.Category | Should -Be ObjectNotFound
    }
}
