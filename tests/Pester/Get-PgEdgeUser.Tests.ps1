BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Get-PgEdgeUser' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'returns <Users> for <Command>' -ForEach @(
        @{ Command = { Get-PgEdgeUser -Path $file }; Users = 'alice bob charlie' }
        @{ Command = { Get-PgEdgeUser bob -Path $file }; Users = 'bob' }
        @{ Command = { Get-PgEdgeUser charlie, alice -Path $file }; Users = 'charlie alice' }
        @{ Command = { Get-PgEdgeUser -Name bob -Path $file }; Users = 'bob' }
        @{ Command = { Get-PgEdgeUser -User bob -UserFile $file }; Users = 'bob' }
        @{ Command = { Get-PgEdgeUser *L* -FilePath $file }; Users = 'alice charlie' }
        @{ Command = { Get-PgEdgeUser [ab]* -PSPath $file }; Users = 'alice bob' }
        @{ Command = { Get-PgEdgeUser B?B -Path $file }; Users = 'bob' }
        @{ Command = { Get-PgEdgeUser x* -Path $file }; Users = '' }
        @{ Command = { Get-PgEdgeUser -Path $file -Status Disabled }; Users = 'charlie' }
        @{ Command = { Get-PgEdgeUser -Path $file -Status enabled }; Users = 'alice bob' }
        @{ Command = { Get-PgEdgeUser *b* -Path $file -Status Disabled }; Users = '' }
        @{ Command = { Get-PgEdgeUser alice, a*, alice -Path $file }; Users = 'alice' }
        @{ Command = { Get-PgEdgeUser *, bob -Path $file }; Users = 'alice bob charlie' }
        @{ Command = { 'alice', 'bob', 'alice' | Get-PgEdgeUser -Path $file }; Users = 'alice bob' }
        @{ Command = { 'bob', 'alice' | Get-PgEdgeUser -Path $file }; Users = 'bob alice' }
        @{ Command = { [pscustomobject]@{ Username = 'bob' } | Get-PgEdgeUser -Path $file }; Users = 'bob' }
        @{
            Command = { [pscustomobject]@{ Username = 'bob', 'alice' } | Get-PgEdgeUser -Path $file }
            Users = 'bob alice'
        }
        @{
            Command = {
                [pscustomobject]@{ Name = 'B. Smith'; SamAccountName = 'bob'; UserPrincipalName = $null } |
                    Get-PgEdgeUser -Path $file
            }
            Users = 'bob'
        }
        @{
            Command = {
                [pscustomobject]@{ Name = 'A. Jones'; UserPrincipalName = 'alice' } | Get-PgEdgeUser -Path $file
            }
            Users = 'alice'
        }
        @{ Command = { Get-PgEdgeUserFile $file | Get-PgEdgeUser }; Users = 'alice bob charlie' }
        @{ Command = { @() | Get-PgEdgeUser -Path $file }; Users = '' }
        @{ Command = { Get-PgEdgeUser -Path $file | Where-Object { -not $_.Enabled } }; Users = 'charlie' }
        @{ Command = { Get-PgEdgeUser -Path $file -Annotation *emp }; Users = 'charlie' }
        @{ Command = { Get-PgEdgeUser -Path $file | Get-PgEdgeUser }; Users = 'alice bob charlie' }
        @{ Command = { Get-PgEdgeUser -Path $file | Where-Object Status -EQ Disabled }; Users = 'charlie' }
        @{ Command = { Get-PgEdgeUser -Path $file | Where-Object { -not $_.LastLogin } }; Users = 'bob' }
        @{ Command = { Get-PgEdgeUser -Path $file | Where-Object CreatedAt -GT 2024-10-01 }; Users = 'alice bob' }
        @{ Command = { Get-PgEdgeUser -Path $file | Where-Object Annotation -Like '*emp*' }; Users = 'charlie' }
        @{ Command = { Get-PgEdgeUser -Path $file | Sort-Object CreatedAt }; Users = 'charlie bob alice' }
        @{
            Command = { Get-PgEdgeUser -Path $file -PipelineVariable user | ForEach-Object { $user.Username } }
            Users = 'alice bob charlie'
        }
        @{ Command = { $PSDefaultParameterValues = @{ '*-PgEdge*:Path' = $file }; Get-PgEdgeUser bob }; Users = 'bob' }
    ) {
        $result = Invoke-Script $Command

        "$($result.Output)" | Should -BeExactly $Users
        $result.Errors | Should -BeNullOrEmpty
    }

    It 'returns users in name order, whatever the order in the file' {
        Edit-UserFile $file '    alice:' '    zoe:'

        "$(Get-PgEdgeUser -Path $file)" | Should -BeExactly 'bob charlie zoe'
    }

    It 'writes nothing' {
        Get-PgEdgeUser -Path $file | Should -HaveCount 3

        Test-Untouched $file | Should -BeTrue
        Get-Sidecar $file | Should -BeNullOrEmpty
    }

    It 'lets each input see what earlier commands of the pipeline have changed' {
        'alice', 'bob' | ForEach-Object { Disable-PgEdgeUser $_ -Path $file; $_ } | Get-PgEdgeUser -Path $file |
            ForEach-Object { "$_ $($_.Status)" } | Should -Be 'alice Disabled', 'bob Disabled'
    }

    It 'returns users of several files with the file of each' {
        $other = New-UserFile other.yaml
        Set-UserFile $other "users: {alice: {enabled: true}}`n"

        & { Get-PgEdgeUser alice -Path $other; Get-PgEdgeUser alice -Path $file } | Get-PgEdgeUser |
            ForEach-Object Path | Should -BeExactly $other, $file
    }

    It 'reports each name that does not exist and returns the others: <_>' -ForEach @(
        { Get-PgEdgeUser alice, dora, bob, Charlie, charlie -Path $file }
        { 'alice', 'dora', 'bob', 'Charlie', 'charlie' | Get-PgEdgeUser -Path $file }
    ) {
        $result = Invoke-Script $_

        "$($result.Output)" | Should -BeExactly 'alice bob charlie'
        $result.Failures | Should -BeExactly 'UserNotFound: dora', 'UserNotFound: Charlie'
    }

    It 'takes a name with brackets as a name before it takes it as a wildcard' {
        Edit-UserFile $file '    bob:' "    '[ac]*':"

        (Get-PgEdgeUser '[ac]*' -Path $file).Username | Should -BeExactly '[ac]*'
    }

    It 'takes an invalid wildcard as a name: <_>' -ForEach 'alice[', '[z-a]' {
        (Invoke-Script { Get-PgEdgeUser $_ -Path $file; Disable-PgEdgeUser $_ -Path $file }).Failures |
            Should -Be "UserNotFound: $_", "UserNotFound: $_"
    }

    It 'is not fooled by a value that is missing: <_>' -ForEach @(
        { Get-PgEdgeUser '' -Path $file }
        { Get-PgEdgeUser $undefined -Path $file }
        { Get-PgEdgeUser @() -Path $file }
        { Get-PgEdgeUser alice, $undefined -Path $file }
        { Get-PgEdgeUser -Status $undefined -Path $file }
        { Get-PgEdgeUser -Status '' -Path $file }
        { Get-PgEdgeUser -Status Enabled, Disabled -Path $file }
        { Get-PgEdgeUser -InactiveFor $undefined -Path $file }
        { Get-PgEdgeUser -InactiveFor '' -Path $file }
        { Get-PgEdgeUser -Annotation $undefined -Path $file }
    ) {
        { & $_ | Remove-PgEdgeUser -Confirm:$false } | Should -Throw -ErrorId 'ParameterArgument*'

        Test-Untouched $file | Should -BeTrue
    }

    It 'suggests the name that differs only in case' {
        { Get-PgEdgeUser ALICE -Path $file -ErrorAction Stop } |
            Should -Throw "*Did you mean 'alice'*" -ErrorId 'UserNotFound,*'
    }

    It 'says nothing about a missing file or user with -ErrorAction Ignore' {
        if (-not (Get-PgEdgeUser alice -Path "$file.missing" -ErrorAction Ignore)) { $absent = 'file' }
        if (-not (Get-PgEdgeUser nobody -Path $file -ErrorAction Ignore)) { $absent += ' user' }

        $absent | Should -Be 'file user'
    }

    It 'does not take the text of an object for a name: <_>' -ForEach @(
        { [pscustomobject]@{ Login = 'dora'; Pin = 'plum violin orbit ladder' } }
        { @{ Username = 'dora'; Pin = 'plum violin orbit ladder' } }
    ) {
        $null = New-Secret 'plum violin orbit ladder'
        # The target of PowerShell's own error is the object, and is not shown.
        $failures = @(
            & $_ | Get-PgEdgeUser -Path $file 2>&1
            & $_ | New-PgEdgeUser -Path $file 2>&1
        )
        $failures += try { Get-PgEdgeUser (& $_) -Path $file } catch { $_ }

        $failures.FullyQualifiedErrorId -replace ',.*' |
            Should -Be InputObjectNotBound, InputObjectNotBound, ParameterArgumentTransformationError
        Assert-NoSecret $failures $failures.Exception
    }

    Context '-InactiveFor' {
        It 'selects users without a sign-in since, or without a sign-in and created before' {
            $now = [datetime]::UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", [cultureinfo]::InvariantCulture)
            Edit-UserFile $file 2024-11-14T09:30:00Z $now
            Edit-UserFile $file 2024-10-15T14:20:00Z $now

            (Get-PgEdgeUser -Path $file -InactiveFor 90d).Username | Should -Be charlie
            (Get-PgEdgeUser -Path $file -InactiveFor 90.00:00:00).Username | Should -Be charlie
            (Get-PgEdgeUser -Path $file -InactiveFor (New-TimeSpan -Days 90)).Username | Should -Be charlie
            (Get-PgEdgeUser -Path $file -InactiveFor 00:00:00).Username | Should -Be alice, bob, charlie
        }

        It 'rejects <Value>, and removes nobody' -ForEach @(
            @{ Value = '-90.00:00:00'; Reason = 'negative' }
            @{ Value = '-90d'; Reason = 'negative' }
            @{ Value = [timespan]::FromDays(-90); Reason = 'negative' }
            @{ Value = -90; Reason = 'not a duration' }
            @{ Value = 90; Reason = 'not a duration' }
            @{ Value = 90d; Reason = 'not a duration' }
            @{ Value = '90'; Reason = 'not a duration' }
            @{ Value = '24:00:00'; Reason = 'not a duration' }
            @{ Value = '90:00'; Reason = 'not a duration' }
            @{ Value = '999999999d'; Reason = 'too long' }
        ) {
            { Get-PgEdgeUser -InactiveFor $Value -Path $file | Remove-PgEdgeUser -Confirm:$false } |
                Should -Throw "*$Reason*" -ErrorId 'ParameterArgumentTransformationError,*'

            Test-Untouched $file | Should -BeTrue
        }
    }
}

Describe 'A user that Get-PgEdgeUser returns' {
    BeforeAll {
        $file = New-UserFile
        $alice, $bob, $charlie = Get-PgEdgeUser -Path $file
    }

    It 'is what the file says' {
        $alice.PSTypeNames[0] | Should -BeExactly PgEdgeUsers.PgEdgeUser
        $alice.Username | Should -BeExactly alice
        "$($alice.Status)" | Should -BeExactly Enabled
        $alice.FailedAttempts | Should -Be 0
        $alice.Annotation | Should -BeExactly Developer
        $alice.Path | Should -BeExactly $file
        $charlie.FailedAttempts | Should -Be 3
        "$($charlie.Status)" | Should -BeExactly Disabled
    }

    It 'has its times in the time zone of this machine' -Skip:$IsWindows {
        $zone = $env:TZ
        try {
            $env:TZ = 'America/Bogota'
            [TimeZoneInfo]::ClearCachedData()
            $user = Get-PgEdgeUser alice -Path $file

            $user.CreatedAt | Should -Be ([datetime]::new(2024, 10, 30, 5, 15, 0).AddTicks(1234567))
            $user.CreatedAt.Kind | Should -Be Local
            $user.LastLogin | Should -Be ([datetime]::new(2024, 11, 14, 4, 30, 0))
        }
        finally {
            $env:TZ = $zone
            [TimeZoneInfo]::ClearCachedData()
        }
    }

    It 'has no last login if it never signed in' {
        $bob.LastLogin | Should -BeNullOrEmpty
    }

    It 'has no password hash' {
        $alice.PSObject.Properties.Name |
            Should -Be Username, Enabled, Status, CreatedAt, LastLogin, PasswordLastSet, FailedAttempts,
            Annotation, Path
    }

    It 'can be exported to CSV' {
        $rows = $alice, $bob, $charlie | ConvertTo-Csv | ConvertFrom-Csv

        $rows.Username | Should -Be alice, bob, charlie
        $rows.Status | Should -Be Enabled, Enabled, Disabled
    }

    It 'can be exported to JSON' {
        $copy = $alice | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json

        $copy.Status | Should -Be Enabled
        $copy.LastLogin.ToUniversalTime() | Should -Be ([datetime]::new(2024, 11, 14, 9, 30, 0))
    }
}
