# The document that the module implements, from top to bottom: each of the server's own commands, and what stands for it here.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $folder = Join-Path $TestDrive seed
    $null = New-Item $folder -ItemType Directory
    $file = Join-Path $folder 'pgedge-postgres-mcp-users.yaml'
}

Describe 'User management' {
    It '-add-user -username alice -user-note...: adds a user with all details specified' {
        $user = New-PgEdgeUser -Username alice -Password (New-Secret 'SecurePassword123!') -Annotation 'Alice Smith - Developer' -Path $file

        $user.Username | Should -Be alice
        $user.Status | Should -Be Enabled
        $user.LastLogin | Should -BeNullOrEmpty
    }

    It 'keeps the file for its owner alone, with hashes of cost 12 in it' {
        if (-not $IsWindows) {
            (Get-Item $file).UnixMode | Should -Be '-rw-------'
        }
        Get-Content $file | Should -Contain '        username: alice'
        (Get-Content $file -Raw) | Should -Match '(?m)^        password_hash: \$2a\$12\$[./A-Za-z0-9]{53}$'
    }

    It '-list-users: shows the users, in name order' {
        @(
            [pscustomobject]@{ Username = 'charlie'; Note = 'Former emp'; Password = New-Secret 'plum violin orbit ladder' }
            [pscustomobject]@{ Username = 'bob'; Note = 'Admin'; Password = New-Secret 'tides under seven lanterns' }
        ) | New-PgEdgeUser -Path $file | Out-Null

        $screen = Get-PgEdgeUser -Path $file | Get-Screen

        $now = '\d{4}-\d\d-\d\d \d\d:\d\d'
        $screen[0] | Should -Be 'Username Created          Last Login       Status   Annotation'
        $screen[2] | Should -Match "^alice    $now Never            Enabled  Alice Smith - Developer$"
        $screen[3] | Should -Match "^bob      $now Never            Enabled  Admin$"
        $screen[4] | Should -Match "^charlie  $now Never            Enabled  Former emp$"
    }

    It '-update-user -username alice -password...: sets a new password' {
        Set-PgEdgeUser alice -Password (New-Secret 'NewPassword456!') -Path $file

        { New-PgEdgeSession (New-Login alice 'SecurePassword123!') -Path $file -ErrorAction Stop } | Should -Throw -ErrorId 'AuthenticationFailed,*'
        (New-PgEdgeSession (New-Login alice 'NewPassword456!') -Path $file).Username | Should -Be alice
    }

    It '-update-user -username alice: asks for the password, and says so where nobody can be asked' {
        $command = "Import-Module '$ModulePath'; Set-PgEdgeUser alice -Path '$file' 2>`$null; `$Error[0].FullyQualifiedErrorId"

        pwsh -NoProfile -NonInteractive -Command $command | Should -Contain 'PasswordRequired,PgEdgeUsers.Commands.SetPgEdgeUserCommand'
        $null | pwsh -NoProfile -Command $command | Should -Be 'PasswordRequired,PgEdgeUsers.Commands.SetPgEdgeUserCommand'
    }

    It '-update-user -username alice -user-note...: sets the note alone' {
        $before = Get-Content $file

        Set-PgEdgeUser alice -UserNote 'Alice Smith - Senior Developer' -Path $file

        (Compare-Object $before (Get-Content $file)).InputObject | Should -Be '        annotation: Alice Smith - Senior Developer', '        annotation: Alice Smith - Developer'
    }

    It '-disable-user: keeps a user out' {
        Disable-PgEdgeUser charlie -Path $file

        (Get-PgEdgeUser charlie -Path $file).Status | Should -Be Disabled
        { New-PgEdgeSession (New-Login charlie 'plum violin orbit ladder') -Path $file -ErrorAction Stop } | Should -Throw -ErrorId 'AuthenticationFailed,*'
    }

    It '-enable-user: lets the user in again' {
        Enable-PgEdgeUser charlie -Path $file

        (New-PgEdgeSession (New-Login charlie 'plum violin orbit ladder') -Path $file).Username | Should -Be charlie
    }

    It '-delete-user: removes nobody without an answer' {
        $command = "Import-Module '$ModulePath'; try { Remove-PgEdgeUser charlie -Path '$file' } catch { `$_.FullyQualifiedErrorId }"

        pwsh -NoProfile -NonInteractive -Command $command | Select-Object -Last 1 | Should -Be 'ConfirmationRequired,PgEdgeUsers.Commands.RemovePgEdgeUserCommand'
        $null | pwsh -NoProfile -Command $command | Select-Object -Last 1 | Should -BeLike '*ConfirmationRequired,PgEdgeUsers.Commands.RemovePgEdgeUserCommand'
        (Get-PgEdgeUser -Path $file).Username | Should -Be alice, bob, charlie
    }

    It '-delete-user: removes the user' {
        Remove-PgEdgeUser charlie -Confirm:$false -Path $file

        (Get-PgEdgeUser -Path $file).Username | Should -Be alice, bob
    }
}

Describe 'Sessions' {
    BeforeAll {
        $file = New-UserFile
        $session = New-PgEdgeSession (New-Login alice $Passwords.alice) -Path $file
    }

    It 'last 24 hours' {
        $session.ExpiresAt - $session.IssuedAt | Should -Be ([timespan]::FromHours(24))
        $session.IsExpired | Should -BeFalse
    }

    It 'have a token of 32 random bytes, which goes straight into Invoke-RestMethod' {
        $free = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $free.Start()
        $port = $free.LocalEndpoint.Port
        $free.Stop()
        $server = [System.Net.HttpListener]::new()
        $server.Prefixes.Add("http://127.0.0.1:$port/")
        $server.Start()
        try {
            $request = $server.GetContextAsync()
            $client = Start-ThreadJob {
                Invoke-RestMethod "http://127.0.0.1:$using:port/" -Authentication Bearer -Token ($using:session).Token -AllowUnencryptedAuthentication -NoProxy
            }
            $request.Wait(60000) | Should -BeTrue -Because "a request was sent: $($client | Receive-Job 2>&1)"
            $context = $request.GetAwaiter().GetResult()
            $authorization = $context.Request.Headers['Authorization']
            $context.Response.Close()
            $client | Receive-Job -Wait -AutoRemoveJob
        }
        finally {
            $server.Stop()
        }

        $authorization | Should -MatchExactly '^Bearer [-_A-Za-z0-9]{43}=$'
    }
}

Describe 'Best practices' {
    BeforeAll {
        $file = New-UserFile
    }

    It 'disables accounts after repeated failed attempts' {
        1..3 | ForEach-Object { New-PgEdgeSession (New-Login alice 'not the right password') -MaxFailedAttempts 3 -Path $file -ErrorAction Ignore }

        (Get-PgEdgeUser alice -Path $file | Select-Object Status, FailedAttempts | ConvertTo-Json -Compress -EnumsAsStrings) | Should -Be '{"Status":"Disabled","FailedAttempts":3}'
    }

    It 'disables accounts after a period of inactivity' {
        Get-PgEdgeUser -Status Enabled -InactiveFor (New-TimeSpan -Days 90) -Path $file | Disable-PgEdgeUser -PassThru | Should -HaveCount 1

        (Get-PgEdgeUser bob -Path $file).Status | Should -Be Disabled
    }

    It 'tracks roles with annotations' {
        (Get-PgEdgeUser -Path $file | Where-Object Annotation -like '*emp*').Username | Should -Be charlie
    }
}
